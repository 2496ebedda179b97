"""Addresses of no person: what stands before the ``@``.

An address belongs to a role when its first part (up to a dot, a dash, an underscore or
a plus sign, without digits at its end) is one of these words: ``info``, ``sales-eu``,
``office2``. English, Bulgarian and Russian custom, the latter two in Latin letters as
mailboxes are named.
"""

ROLE_NAMES = frozenset(
    # English
    "abuse accounting accounts admin administration administrator billing booking"
    " bookings bookkeeping careers contact contacts contactus customercare"
    " customerservice data desk dispatch ecommerce email enquiries enquiry events"
    " export feedback finance frontdesk general hello help helpdesk hi hostmaster hr"
    " hrd import info information inquiries inquiry invoice invoices it jobs legal"
    " logistics mail mailbox mailerdaemon management manager marketing media news"
    " newsletter noc noreply office operations order orders partners payments pr press"
    " privacy procurement production purchase purchasing reception recruitment"
    " registration reservations root sale sales secretariat secretary security service"
    " services shop shipping staff store subscribe supply support team tech technical"
    " tenders unsubscribe warehouse web webmaster welcome"
    # what is left of no-reply, do-not-reply, mailer-daemon, customer-service
    " no donotreply mailer customer"
    # Bulgarian
    " adm administracia delovodstvo direktor dostavki fakturi firma kadri kantora"
    " klienti kontakt kontakti lichensastav magazin obshtina ofis porachki"
    " poruchki poddrajka poddrazhka pokupki prodajbi prodazhbi proizvodstvo rabota"
    " registratura rezervacii reklama schetovodstvo servis sklad snabdiavane"
    " snabdqvane targovia transport turgovia zaiavki zapitvania zayavki"
    # Russian
    " buh buhgalter buhgalteria buhgalteriya bux direkciya inform kadry kanc"
    " kancelyaria klient kontakty logist logistika magazin opt otdel pochta"
    " podderzhka pomosch prajs prodaji prodazha prodazhi priemnaya proizvodstvo"
    " reklama sbyt sekretar servis sklad snab snabzhenie spravka torg upravlenie"
    " zakaz zakazy zakupka zakupki zayavka zayavki".split()
)
