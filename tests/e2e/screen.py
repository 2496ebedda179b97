"""What a person does in the browser, in words: log in, open, upload, press."""

import re

PATIENCE = 60_000  # milliseconds; other programs may be busy on the same machine
IMPORT_PATIENCE = 900_000
SIZE = {"width": 1366, "height": 768}


class Screen:
    """A browser window of one user.

    :param browser: Playwright's
    :param server: a running :class:`launcher.server.Server`
    """

    def __init__(self, browser, server, login="admin", password=None):
        self.url = server.url
        self.page = browser.new_page(locale="en-US", viewport=SIZE)
        self.page.set_default_timeout(PATIENCE)
        self.errors = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(f"{self.url}/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password or login)
        self.page.click(".oe_login_form button[type=submit]")
        self.page.wait_for_selector(".o_web_client .o_main_navbar")

    def open(self, path, ready=".o_action_manager .o_view_controller"):
        """Open a page of the web client and wait until it shows."""
        self.page.goto(self.url + path)
        self.page.wait_for_selector(ready)

    def pager_total(self):
        """How many records the list says there are."""
        limit = self.page.locator(".o_pager_limit")
        limit.wait_for()
        if limit.inner_text().endswith("+"):  # Odoo counts to 10,000 unless asked
            limit.click()
            self.page.wait_for_function(
                "!document.querySelector('.o_pager_limit').innerText.endsWith('+')"
            )
        return int(re.sub(r"\D", "", limit.inner_text()))

    # === THE IMPORT SCREEN === #

    def open_import(self, path):
        """From a list to its import screen, by the menu beside the list's title."""
        self.open(path)
        self.page.click(".o_cp_action_menus .dropdown-toggle")
        self.page.click(".o-dropdown--menu >> text=Import records")
        self.page.wait_for_selector(".o_import_action")

    def upload(self, file):
        """*Upload Data File*, or *Load Data File*; return when the screen shows it."""
        self.page.set_input_files("input.o_input_file", file)
        name = file.rpartition("/")[2].removesuffix(".csv")
        self.page.wait_for_selector(f".o_import_data_sidepanel :text('{name}')")
        self.page.wait_for_selector(".o_blockUI", state="detached")

    def mapping(self):
        """{column of the file: field it goes into, "" for none} on the screen."""
        rows = self.page.locator(".o_import_data_content tbody tr").all()
        result = {}
        for row in rows:
            column = row.locator(".o_import_file_column_cell .fw-bold").inner_text()
            field = row.locator(".o_select_menu_toggler, .o_select_menu").first
            result[column] = field.inner_text().strip()
        return result

    def press(self, label):
        """Press *Test* or *Import* and wait until the screen is free again."""
        self.page.click(f".o_control_panel button:text-is('{label}')")
        self.page.wait_for_timeout(300)
        self.page.wait_for_selector(
            ".o_blockUI", state="detached", timeout=IMPORT_PATIENCE
        )

    def alerts(self):
        """What the import screen complains about, or says is fine."""
        found = self.page.locator(".o_import_data_content .alert")
        return [text.strip() for text in found.all_inner_texts()]

    def choose_field(self, column, field):
        """Map a column by hand: open the menu beside it, search, pick."""
        self._row(column).locator(".o_select_menu_toggler").click()
        self.page.fill(".o_select_menu_menu input", field)
        self.page.click(f".o_select_menu_menu .o_select_menu_item:has-text('{field}')")

    def _row(self, column):
        """The row of a column of the file."""
        title = self.page.locator(
            ".o_import_file_column_cell .fw-bold", has_text=re.compile(f"^{column}$")
        )
        return self.page.locator(".o_import_data_content tbody tr", has=title)

    def create_new_values(self, column):
        """Answer "When a value cannot be matched" with *Create new values*."""
        self._row(column).locator(".o_import_create_option").select_option(
            label="Create new values"
        )

    def run_import(self):
        """Press *Import* and wait for the list of new records; return how many."""
        self.press("Import")
        notice = self.page.locator(".o_notification:has-text('successfully imported')")
        notice.wait_for()
        number = int(re.sub(r"\D", "", notice.inner_text()))
        self.page.wait_for_selector(".o_action_manager .o_view_controller")
        return number

    # === LISTS === #

    def cells(self, field):
        """The texts of a column of the list, from the top."""
        cells = self.page.locator(f".o_list_view .o_data_row td[name='{field}']")
        return [text.strip() for text in cells.all_inner_texts()]

    def text(self, selector):
        """The text of an element, once it is there."""
        return self.page.locator(selector).inner_text()
