"""The command `completion`: what makes a shell complete commands, options and people's names."""

import click
from click.shell_completion import get_completion_class

_SHELLS = ("bash", "zsh", "fish")
_VARIABLE = "_CONNECTD_COMPLETE"


@click.command()
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print what SHELL needs to complete commands, options and the names of your people.

    \b
    bash: put this into ~/.bashrc:    eval "$(connectd completion bash)"
    zsh:  put this into ~/.zshrc:     eval "$(connectd completion zsh)"
    fish: connectd completion fish > ~/.config/fish/completions/connectd.fish
    """  # noqa: D301 - click keeps the lines only after the character itself
    how = get_completion_class(shell)
    if how is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    root = ctx.find_root()
    click.echo(how(root.command, {}, root.info_name or "connectd", _VARIABLE).source())
