"""On a terminal: the bar while it runs and the table at its end, on a real pseudo-terminal."""

import os
import pty
import re
import subprocess
import sys


def on_a_terminal(arguments, cwd, environment):
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "scrapy", *arguments]
    with subprocess.Popen(command, cwd=cwd, env=environment, stderr=theirs, stdout=theirs) as run:
        os.close(theirs)
        shown = b""
        while True:
            try:
                chunk = os.read(ours, 65536)
            except OSError:  # the other side is closed
                break
            if not chunk:
                break
            shown += chunk
    os.close(ours)
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())
    return run.returncode, text


def test_a_person_sees_a_bar_and_a_table(crawl_of, slow_exchange, tmp_path, root):
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "110", "P2P_DATA_DIR": str(tmp_path)}
    code, text = on_a_terminal(crawl_of(slow_exchange), root, environment)
    assert code == 0, text
    assert re.search(r"markets .*8/8 .*\d+ ads +\d+ requests in the last minute", text)
    assert re.search(r"about [\d.]+ s left", text)
    assert re.search(r"status +│ completed", text)
    assert re.search(r"markets +│ 8 of 8 complete", text)
    assert re.search(r"USDT/VND +│ +\d+ │ +\d+\.\d\d │ +\d+\.\d\d", text)
    assert "INFO" not in text  # that is in the log file
    assert "INFO: batch of" in (tmp_path / "logs/p2p.log").read_text()
