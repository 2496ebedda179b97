"""What is printed, on a terminal and elsewhere."""

import io

from launcher import messages


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_in_a_file_is_whole_lines_now_and_then():
    stream = io.StringIO()
    progress = messages.Progress("Unpack", quiet=0, stream=stream)
    progress.update("10 %")
    progress.done()
    assert stream.getvalue() == "  Unpack: 10 %\n  Unpack: done (0 s)\n"


def test_progress_in_a_file_is_quiet_between():
    stream = io.StringIO()
    progress = messages.Progress("Unpack", quiet=60, stream=stream)
    for share in range(100):
        progress.update(f"{share} %")
    assert not stream.getvalue()


def test_progress_on_a_terminal_is_one_line():
    stream = Terminal()
    progress = messages.Progress("Unpack", stream=stream)
    progress.last = 0
    progress.update("a long detail")
    progress.done("done")
    text = stream.getvalue()
    assert text.count("\n") == 1
    assert text.startswith("\r  Unpack: a long detail\r  Unpack: done (0 s)")


def test_a_failed_step_says_no_done(capsys):
    try:
        with messages.step("Download"):
            raise messages.Fault("no")
    except messages.Fault:
        pass
    assert capsys.readouterr().out == "  Download ...\n"


def test_tail(tmp_path):
    path = tmp_path / "log"
    assert messages.tail(path) == ""
    path.write_text("\n".join(map(str, range(100))))
    assert messages.tail(path, 2) == "98\n99"
