"""The click group and the exit statuses: errors become one sentence on stderr and a number."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn

import click

from gradcli import __version__
from gradcli.language.errors import STATUSES, GradcliError, UsageProblem
from gradcli.shell.help.help_option import Helpful
from gradcli.shell.process.command_table import COMMANDS, PURPOSES
from gradcli.shell.process.standard_streams import deliver, give_up_stdout, prepare


class Page(click.HelpFormatter):
    """Help that fits narrow terminals too, where click itself never goes below 50 columns."""

    def __init__(
        self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None
    ) -> None:
        from gradcli.shell.process.terminal_size import screen_width

        width = width or max(min(screen_width(), max_width or 80) - 2, 20)
        super().__init__(indent_increment, width, max_width)


click.Context.formatter_class = Page


class Group(Helpful, click.Group):
    """A group that loads a command when it is asked for."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, with -h for --help."""
        return super().parse_args(ctx, ["--help", *args[1:]] if args[:1] == ["-h"] else args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"gradcli.commands.{cmd_name}"), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest command as a hint."""
        if args and args[0] not in COMMANDS:
            from gradcli.shell.writers.error_writer import unknown_command

            raise unknown_command(args[0])
        return super().resolve_command(ctx, args)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """As click does, with our own ending where nobody reads --help or --version."""
        try:
            return super().make_context(*args, **kwargs)
        except BrokenPipeError:
            give_up_stdout()
            raise click.exceptions.Exit(0) from None
        except KeyboardInterrupt:
            raise click.exceptions.Exit(interrupted()) from None

    def invoke(self, ctx: click.Context) -> Any:
        """As click does, with our own endings where nobody reads any more and where the user interrupts."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            give_up_stdout()
            raise click.exceptions.Exit(0) from None
        except KeyboardInterrupt:
            raise click.exceptions.Exit(interrupted()) from None

    def _main_shell_completion(self, *args: Any, **kwargs: Any) -> None:
        """As click does, with a sentence where what a shell would say is missing or makes no sense."""
        try:
            super()._main_shell_completion(*args, **kwargs)
        except (KeyError, ValueError, IndexError):
            problem = "a shell's question for completions needs COMP_WORDS and COMP_CWORD"
            raise UsageProblem(problem, hint="`gradcli completion bash` prints what asks it") from None
        except SystemExit as ended:
            if ended.code:
                raise UsageProblem(
                    "_GRADCLI_COMPLETE names no shell and no question", hint="for example bash_source"
                ) from None
            raise

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands and the exit statuses, from their tables and without importing the commands."""
        from gradcli.shell.help.help_page import write_front_page

        self.format_usage(ctx, formatter)
        write_front_page(formatter, self.help or "", PURPOSES, STATUSES)


def _tell_version(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    """As click's own option does, which looks for its sentence in other languages first: 1 ms."""
    if wanted and not ctx.resilient_parsing:
        click.echo(f"gradcli, version {__version__}")
        ctx.exit()


@click.command(
    cls=Group,
    invoke_without_command=True,
    options_metavar="[--help|--version]",
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_tell_version)
@click.pass_context
def program(ctx: click.Context) -> None:
    """Exact gradients and steps downhill, in the shell."""
    if ctx.invoked_subcommand is None:
        sys.stderr.write(ctx.get_help() + "\n")
        raise click.exceptions.Exit(2)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and answer with its exit status; errors are written to stderr."""
    try:
        status = program.main(list(arguments), prog_name="gradcli", standalone_mode=False)
        deliver()
        return status if isinstance(status, int) else 0
    except (GradcliError, click.ClickException) as error:
        from gradcli.shell.writers.error_writer import fail

        return fail(error, arguments, find_command)
    except (KeyboardInterrupt, click.Abort):
        return interrupted()
    except Exception as error:
        return _failed(error, arguments)


def find_command(name: str) -> click.Command | None:
    """The command of that name, imported now."""
    return program.get_command(click.Context(program), name)


def _failed(error: Exception, arguments: Sequence[str]) -> int:
    """Say what the surroundings did not allow; the exit status. Raises what is a mistake of ours."""
    from gradcli.shell.process.memory_limit import exhausted, is_exhaustion

    if is_exhaustion(error):
        problem = exhausted(error)
        from gradcli.shell.writers.error_writer import fail

        return fail(problem, arguments, find_command)
    if not isinstance(error, OSError):
        raise error
    if error.filename is None:  # not a file, so one of the standard streams
        give_up_stdout()
    sys.stderr.write(f"gradcli: cannot read or write: {error.strerror or error}\n")
    return 4


def interrupted() -> int:
    """The end that Ctrl-C makes; a terminal has already shown ^C on the line."""
    sys.stderr.write("\ngradcli: interrupted\n" if sys.stderr.isatty() else "gradcli: interrupted\n")
    return 130


def reraise_interrupt(what: Any) -> None:
    """Python drops what is raised while it cleans up: Ctrl-C comes again, and no other has anything to say."""
    if what.exc_type is KeyboardInterrupt:
        from _thread import interrupt_main, start_new_thread
        from time import sleep

        def again() -> None:
            sleep(0.01)  # until Python is back from here, where it would drop this one too
            interrupt_main()

        start_new_thread(again, ())


#: Commands that end after a while though nobody gave them a time.
_LONG = ("plot", "report", "explain")


def _has_a_time(arguments: Sequence[str]) -> bool:
    """Whether a command line ends after a while: what it reads, and what its options say before --."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return options[:1] in [[name] for name in _LONG] or any(
        option == "-" or option.startswith(("--timeout", "--limit", "--digits")) for option in options
    )


def _timed(arguments: Sequence[str]) -> int:
    """Run one command line, watched from outside where its time is limited."""
    if _has_a_time(arguments):
        from gradcli.shell.process.supervisor import run_supervised

        def say(problem: GradcliError) -> int:
            from gradcli.shell.writers.error_writer import fail

            return fail(problem, arguments, find_command)

        return run_supervised(run, say, arguments)
    return run(arguments)


def main() -> NoReturn:
    """The entry point: statuses for the shell, text that any terminal can encode, and never a traceback."""
    if not os.environ.get("GRADCLI_DEBUG"):
        sys.unraisablehook = reraise_interrupt
    try:
        status = _ended(sys.argv[1:]) if prepare() else _unheard(sys.argv[1:])
    except KeyboardInterrupt:
        status = interrupted()
    _stop_listening()
    _leave(status)


def _unheard(arguments: Sequence[str]) -> int:
    """Say that there is nowhere to write an answer, before anything is done for one."""
    from gradcli.language.errors import InputProblem
    from gradcli.shell.writers.error_writer import fail

    problem = InputProblem(
        "standard output is closed: there is nowhere to write the answer", hint="for example >/dev/null"
    )
    return fail(problem, arguments, find_command)


def _stop_listening() -> None:
    """What was to be done is done and said: Ctrl-C on the way out changes nothing of it."""
    from _signal import SIG_IGN, SIGINT, getsignal, signal  # type: ignore[import-not-found]  # the other takes 2 ms

    if callable(getsignal(SIGINT)):
        signal(SIGINT, SIG_IGN)


def _leave(status: int) -> NoReturn:
    """End the process as it stands, with all written that was to be: Python's taking apart of what it made costs 6 ms of 70."""
    import atexit

    atexit._run_exitfuncs()  # what libraries want done at the end, as where matplotlib has a folder to remove
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # has been told where it mattered: `deliver`
            stream.flush()
    os._exit(status)


def _ended(arguments: Sequence[str]) -> int:
    """Run one command line; the status, also of a mistake that nobody has foreseen."""
    try:
        return _timed(arguments)
    except Exception as error:
        if os.environ.get("GRADCLI_DEBUG"):
            raise
        sys.stderr.write(f"gradcli: this is a mistake in gradcli: {type(error).__name__}: {error}\n")
        sys.stderr.write("hint: GRADCLI_DEBUG=1 shows where; please report it with the command\n")
        return 4
