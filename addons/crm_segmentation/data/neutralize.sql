-- a copy of the database acts for nobody
UPDATE res_company SET segment_actions_paused = TRUE;
