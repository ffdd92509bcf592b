"""Runs a command at a terminal and types answers: at_terminal.py [QUESTION ANSWER]... -- COMMAND...

Each answer is typed, without a new line of its own, once its question has been printed. Ends with the command's exit code.
"""

import os
import pty
import sys

separator = sys.argv.index("--")
words = sys.argv[1:separator]
conversation = list(zip(words[::2], words[1::2]))
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[separator + 1], sys.argv[separator + 1 :])
unanswered = ""
while True:
    try:
        text = os.read(terminal, 4096).decode(errors="replace")
    except OSError:  # Linux: nobody holds the other end any more.
        break
    if not text:
        break
    sys.stdout.write(text)
    sys.stdout.flush()
    unanswered += text
    if conversation and conversation[0][0] in unanswered:
        unanswered = ""
        os.write(terminal, conversation.pop(0)[1].encode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
