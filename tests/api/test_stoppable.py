"""Work that is ended from outside, in an interpreter that is watched line by line."""

import subprocess
import sys
import textwrap

import pytest


def _ends(program: str) -> str:
    """What a program prints that must end by itself, in a process of its own: it may hang for good."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, timeout=30
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


WATCHED = """
    import sys, threading, time
    from persona_api.jobs.stopping import StoppedError, Stoppable

    def watch(frame, event, argument):
        return watch

    threading.settrace(watch)

    def on_a_thread(work):
        thread = threading.Thread(target=work)
        thread.start()
        return thread
"""


def test_work_goes_on_where_a_debugger_or_coverage_watches():
    """What was taken back that was never raised would leave every watched thread on one line for ever."""
    assert (
        _ends(
            WATCHED
            + """
    def work():
        stoppable = Stoppable()
        with stoppable.working():
            with stoppable.undisturbed():
                sum(range(10))
        print("ended")

    for _ in range(3):
        on_a_thread(work).join()
    """
        )
        == "ended\n" * 3
    )


@pytest.mark.parametrize("inside", ["sum(range(200_000))", "time.sleep(0.01)"])
def test_work_that_is_stopped_leaves_the_thread_to_the_next(inside):
    """Whether the error was met in the work or taken back at its end; a hundred times, at any moment."""
    assert (
        _ends(
            WATCHED
            + f"""
    met = []

    def work(stoppable, begun):
        try:
            with stoppable.working():
                begun.set()
                for _ in range(3):
                    with stoppable.undisturbed():
                        {inside}
                    {inside}
        except StoppedError:
            met.append(True)
        sum(n for n in range(100))

    for turn in range(100):
        stoppable, begun = Stoppable(), threading.Event()
        thread = on_a_thread(lambda: work(stoppable, begun))
        begun.wait()
        time.sleep(turn / 10_000)
        stoppable.stop()
        thread.join()
    print("met" if met else "never met")
    """
        )
        == "met\n"
    )
