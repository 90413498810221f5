"""The commands of medical support: ``sulh care …``."""

from __future__ import annotations

import typer

from sulh.cli import care_validate

_SETTINGS = {"help_option_names": ["-h", "--help"]}
app = typer.Typer(
    name="care",
    help="Medical support: do the wounded and the sick reach care in time?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings=_SETTINGS,
)
validate = typer.Typer(
    help="Hold the methods against theory and published optima.",
    no_args_is_help=True,
    context_settings=_SETTINGS,
)
app.add_typer(validate, name="validate")
care_validate.register(validate)
