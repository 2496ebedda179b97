-- a copy of the database calls nobody
UPDATE res_company SET call_provider = 'none';
