"""The least that a click program can do: read a number, print a number."""

import click


@click.command()
@click.argument("number", type=float)
def main(number):
    """Print twice NUMBER."""
    click.echo(number * 2)


main()
