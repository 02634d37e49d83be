"""The names of a point and of --wrt, checked against the expression's variables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from gradcli.language.column_names import column_of, whole_names
from gradcli.language.errors import UsageProblem, ValueProblem
from gradcli.shell.problems.problem import Problem

#: Names that are typed for constants -> what is written.
TYPED_CONSTANTS = {"Pi": "pi", "PI": "pi", "M_PI": "pi", "tau": "2*pi", "E": "e"}


def check_names(at: Mapping[str, object], variables: Sequence[str], texts: Sequence[str] = ()) -> None:
    """Raises ValueProblem for a value whose name is not a variable of the expression, whose *texts* a hint quotes."""
    for given in at:
        if given not in variables:
            from gradcli.language.names import nearest

            name = column_of(given)
            message = f"{name} is not a variable of the expression"
            product = next(
                (v for v in variables if len(v) > 1 and name in v and set(v) <= {*at, *"xyz"}), None
            )
            if product:
                raise ValueProblem(
                    message, hint=f"{product} is one name: a product is written {product_of(product, texts)}"
                )
            found = nearest(name, variables)
            hint = f"did you mean --{found}?" if found else _listing(variables)
            hint = _other_alphabet(name, variables) or hint
            raise ValueProblem(message, hint=hint).about(name)


def _other_alphabet(name: str, variables: Sequence[str]) -> str | None:
    """The hint for a variable that looks like *name*, and has a letter of another alphabet; None for none."""
    import unicodedata

    for variable in variables:
        pairs = [(a, b) for a, b in zip(name, variable, strict=False) if a != b]
        if (
            len(name) != len(variable)
            or not pairs
            or any(_LOOKS.get(b, b) != _LOOKS.get(a, a) for a, b in pairs)
        ):
            continue
        odd = next(a if a in _LOOKS else b for a, b in pairs)
        letter = unicodedata.name(odd).split(" ")[0].capitalize()
        where = "expression" if odd in variable else "option"
        return f"the {odd} of the {where} is a {letter} letter, which only looks like {_LOOKS[odd]}"
    return None


#: Greek and Cyrillic letters that look like Latin ones.
_LOOKS = dict(
    zip(
        "асеорхуіјѕһԁԛԝАВЕКМНОРСТУХІЅЈοΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
        "aceopxyijshdqwABEKMHOPCTYXISJoABEZHIKMNOPTYX",
        strict=True,
    )
)


def product_of(name: str, texts: Sequence[str]) -> str:
    """The letters of *name* as a product, with the number before it in *texts*: `2*x*y` for the xy of 2xy."""
    import re

    found = (re.search(rf"(?<![\w.])([0-9]+(?:\.[0-9]+)?)\s*{name}(?!\w)", text) for text in texts)
    numbers = [match.group(1) for match in found if match]
    return "*".join([*numbers[:1], *name])


def check_complete(at: Mapping[str, object], variables: Sequence[str], texts: Sequence[str] = ()) -> None:
    """Raises ValueProblem for a variable that has no value; a hint quotes the *texts* of the expression."""
    missing = [name for name in variables if name not in at]
    if not missing:
        return
    name = missing[0]
    if len(name) > 1 and all(letter in at or letter in variables for letter in name):
        hint = f"a product is written {product_of(name, texts)}"
    elif name in TYPED_CONSTANTS:
        hint = f"the constant is written {TYPED_CONSTANTS[name]}; a variable of that name has a value: --{name} 1"
    else:
        hint = _hyphenated(missing, texts) or (
            f"give it one: --{name} 1" if name.isascii() else f"give it one: --at {name}=1"
        )
    others = f"{', '.join(missing[1:4])}{', …' if len(missing) > 4 else ''}"
    more = f", and neither {'has' if len(missing) == 2 else 'have'} {others}" if others else ""
    raise ValueProblem(f"{name} has no value{more}", hint=hint)


def _hyphenated(missing: Sequence[str], texts: Sequence[str]) -> str | None:
    """The hint where two words that have no values were typed with a hyphen between them: learning-rate."""
    import re

    for one, two in pairwise(missing):
        if (
            len(one) > 2
            and len(two) > 2
            and any(re.search(rf"(?<!\w){one}-{two}(?!\w)", text) for text in texts)
        ):
            return f"{one}-{two} is a difference: a name has no hyphens, {one}_{two}"
    return None


def check_wrt(wrt: Sequence[str] | None, variables: Sequence[str], at: Mapping[str, object]) -> None:
    """Raises ValueProblem for a name in --wrt that is neither in the expression nor given a value."""
    for name in wrt or ():
        if name not in variables and name not in at:
            from gradcli.language.names import nearest

            found = nearest(name, variables)
            hint = f"did you mean {found}?" if found else _listing(variables)
            raise ValueProblem(f"--wrt {name}: it is not a variable of the expression", hint=hint)


def check_bounded(bounded: Iterable[str], variables: Sequence[str]) -> None:
    """Raises ValueProblem for a name in --bounds, of a variable or a column, that is not in the expression."""
    for name in bounded:
        if name not in variables and name not in whole_names(variables):
            hint = _listing(variables)
            raise ValueProblem(f"--bounds {name}: it is not a variable of the expression", hint=hint)


def connected_names(wrt: Sequence[str] | None, variables: Sequence[str]) -> tuple[str, ...] | None:
    """The names of --wrt that can move: those that occur in the expression. Raises ValueProblem for none of them."""
    if not wrt:
        return None if wrt is None else ()  # --stop may hold all of them constant
    found = tuple(name for name in wrt if name in variables)
    if not found:
        raise ValueProblem(f"--wrt {','.join(wrt[:8])}: nothing of it is in the expression, so nothing would move",
                           hint=_listing(variables))  # fmt: skip
    return found


def _listing(variables: Sequence[str]) -> str:
    variables = whole_names(variables)
    if not variables:
        return "the expression has no variables"
    if len(variables) == 1:
        return f"its only variable is {variables[0]}"
    shown = ", ".join(variables[:8])
    return f"its variables are {shown}{', …' if len(variables) > 8 else ''}"


def check(problem: Problem, variables: Sequence[str]) -> None:
    """Raises ValueProblem for names that are not variables, and for variables without a value if some have one."""
    check_names(problem.at, [*variables, *(problem.wrt or ())], problem.texts)
    check_wrt(problem.wrt, variables, problem.at)
    if problem.at:
        check_complete(problem.at, variables, problem.texts)


def needs_point(problem: Problem, what: str) -> None:
    """Raises UsageProblem where there is no point."""
    if not problem.at:
        raise UsageProblem(f"{what} needs a point", hint="give each variable a value: --x 5 --y 3")
