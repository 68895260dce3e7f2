"""`python -m tools`: the one command of developers and operators. The targets of the Makefile call it."""

import sys

import typer
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from tools.access import link, links, revoke, rotate_keys, token
from tools.alarms import alarms
from tools.demo import demo
from tools.demo.identity_provider import demo_idp
from tools.deploy.commands import deploy, prove
from tools.destinations import destinations
from tools.erasures import erase, subjects
from tools.errors import ToolError
from tools.feeds import feed
from tools.healing import rebuild, verify
from tools.lock import lock
from tools.models import model
from tools.people import people
from tools.restore.command import restore
from tools.sources import sources
from tools.stack.commands import clean, down, logs, run, up
from tools.transfer.exporting import export_facts
from tools.transfer.importing import import_facts

app = typer.Typer(
    help=(
        "The OPMM service on this machine and in AWS accounts. PORT and STATE_DIR in the environment say which local "
        "stack is meant; STATE_DIR is relative to the repository."
    ),
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for command in (
    *(up, down, clean, run, logs, demo, demo_idp, lock, deploy, prove),
    *(token, link, feed, links, revoke, rotate_keys, sources, destinations, alarms, people),
    *(erase, subjects, rebuild, verify),
):
    app.command()(command)
app.command("import")(import_facts)
app.command("export")(export_facts)
app.command()(restore)
app.add_typer(model, name="model")


def main() -> None:
    """Do what was asked. What stands in the way is a sentence on standard error, and status 1."""
    try:
        app(prog_name="python -m tools")
    except ToolError as failed:
        sys.exit(str(failed))
    except (BotoCoreError, ClientError) as failed:
        hint = (
            ". Say PROFILE=name, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
            if isinstance(failed, NoCredentialsError)
            else ""
        )
        sys.exit(f"AWS cannot be asked: {failed}{hint}")
    except OSError as failed:
        sys.exit(f"It cannot be read or written: {failed}")


if __name__ == "__main__":
    main()
