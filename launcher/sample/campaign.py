"""A telephone campaign: 27,690 contacts of a bank, one row a contact.

The file has neither names nor numbers, and a call desk needs both. The prepared
copy numbers the contacts and gives each one a telephone number from the ranges
that the North American numbering plan keeps for fiction (555-0100 to 555-0199 of an
area code): they look real, are valid for the phone library, and reach nobody.
"""

import gzip
from collections.abc import Iterator
from pathlib import Path

from .fields import Attribute, choices
from .importer import Prepared, read_rows, write_rows

FILE = "bank_calls_2008.csv.gz"
TEAM = "Telephone Campaign 2008"
TEAM_ID = "sample_campaign.team"
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_YES_NO = "no yes unknown"

# The campaign's own columns. "duration" is the length of the very call that gave the
# answer: it is imported for reports and belongs in no rule.
ATTRIBUTES = [
    Attribute("age", "x_age", "integer", "Age"),
    Attribute(
        "job",
        "x_job",
        "selection",
        "Job",
        choices(
            "admin. blue-collar entrepreneur housemaid management retired "
            "self-employed services student technician unemployed unknown"
        ),
    ),
    Attribute(
        "marital",
        "x_marital",
        "selection",
        "Marital Status",
        choices("divorced married single unknown"),
    ),
    Attribute(
        "education",
        "x_education",
        "selection",
        "Education",
        choices(
            "basic.4y basic.6y basic.9y high.school illiterate professional.course "
            "university.degree unknown"
        ),
    ),
    Attribute(
        "default", "x_default", "selection", "Credit in Default", choices(_YES_NO)
    ),
    Attribute("housing", "x_housing", "selection", "Housing Loan", choices(_YES_NO)),
    Attribute("loan", "x_loan", "selection", "Personal Loan", choices(_YES_NO)),
    Attribute(
        "contact", "x_contact", "selection", "Reached By", choices("cellular telephone")
    ),
    Attribute("month", "x_month", "selection", "Month of Contact", choices(_MONTHS)),
    Attribute(
        "day_of_week",
        "x_day_of_week",
        "selection",
        "Weekday of Contact",
        choices("mon tue wed thu fri"),
    ),
    Attribute("duration", "x_duration", "integer", "Call Duration (s)"),
    Attribute("campaign", "x_campaign", "integer", "Contacts in This Campaign"),
    Attribute("pdays", "x_pdays", "integer", "Days Since Last Campaign (999: never)"),
    Attribute("previous", "x_previous", "integer", "Contacts Before This Campaign"),
    Attribute(
        "poutcome",
        "x_poutcome",
        "selection",
        "Outcome of Last Campaign",
        choices("failure nonexistent success"),
    ),
    Attribute("emp.var.rate", "x_emp_var_rate", "float", "Employment Variation Rate"),
    Attribute("cons.price.idx", "x_cons_price_idx", "float", "Consumer Price Index"),
    Attribute("cons.conf.idx", "x_cons_conf_idx", "float", "Consumer Confidence Index"),
    Attribute("euribor3m", "x_euribor3m", "float", "Euribor 3 Months"),
    Attribute("nr.employed", "x_nr_employed", "float", "Number Employed (thousands)"),
    Attribute("y", "x_y", "selection", "Said Yes", choices("no yes")),
]

# What the prepared copy adds to the campaign's columns.
ADDED = {
    "external id": "id",
    "name": "name",
    "phone": "phone",
    "type": "type",
    # By external id: a look-up by name is a query a row, a missing stage another.
    "team id": "team_id/id",
    "stage id": "stage_id/id",
    "salesperson": "user_id",  # empty: nobody's yet, the call desk takes them
}

# Area codes in one time zone each; 277 of them give 27,700 numbers.
_AREA_CODES = """
201 202 203 205 206 207 209 210 212 213 214 215 216 217 218 219 224 225 228 229
231 234 239 240 248 251 252 253 254 256 260 262 267 269 270 272 276 281 283 301
302 303 304 305 307 308 309 310 312 313 314 315 316 317 318 319 320 321 323 325
330 331 332 334 336 337 339 346 347 351 352 360 361 364 385 386 401 402 404 405
406 407 408 409 410 412 413 414 415 417 419 423 424 425 430 432 434 435 440 442
443 458 469 470 475 478 479 480 484 501 502 503 504 505 507 508 509 510 512 513
515 516 517 518 520 530 531 534 539 540 541 551 559 561 562 563 567 570 571 573
574 575 580 585 586 601 602 603 606 607 608 609 610 612 614 615 616 617 618 619
620 623 626 630 631 636 641 646 650 651 657 660 661 662 667 669 678 681 682 702
703 704 706 707 708 712 713 714 715 716 717 718 719 720 724 727 731 732 734 737
740 747 754 757 760 762 763 765 769 770 772 773 774 779 781 785 786 801 802 803
804 805 806 808 810 812 813 814 815 816 817 818 828 830 831 832 843 845 847 848
850 856 857 858 859 860 862 863 864 865 870 872 878 901 903 904 906 908 909 910
912 913 914 915 916 917 918 919 920 925 928 929 931 936 937 938 940
""".split()


def fictional_numbers() -> Iterator[str]:
    """Telephone numbers that belong to nobody, each once."""
    for line in range(100):
        for area in _AREA_CODES:
            yield f"+1 {area}-555-{100 + line:04}"


def prepare(directory: Path, folder: Path) -> list[Prepared]:
    """Write the campaign as a CSV for the import screen into ``folder``.

    :raises FileProblem: the source file is not what it should be
    """
    columns = [attribute.column for attribute in ATTRIBUTES]
    source = read_rows(directory / FILE, columns, ";", gzip.open)
    numbers = fictional_numbers()
    rows = (
        {
            "external id": f"sample_campaign.contact_{position:05}",
            "name": f"Campaign contact {position:05}",
            "phone": next(numbers, ""),
            "type": "lead",
            "team id": TEAM_ID,
            "stage id": "crm.stage_lead1",
            "salesperson": "",
            **{column: row[column] for column in columns},
        }
        for position, row in enumerate(source, 1)
    )
    contacts = Prepared(
        path=write_rows(folder / "campaign_contacts.csv", rows, ";"),
        model="crm.lead",
        columns=ADDED | {item.column: item.name for item in ATTRIBUTES},
        separator=";",
    )
    return [contacts]
