"""A fit with errors in its columns as one expression over them: its shifts are written out, round after round.

A round is a step of Gauss and Newton along the shifts of a row (`orthogonal_problem`); as many are written out as bring
the shifts of every row to the best ones. There the sum's slope along shifts is 0, so that its value and its slopes along the
parameters are those of the fit.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from gradcli.language.problem_text import divided
from gradcli.language.tokens import tokens
from gradcli.shell.fits.orthogonal_run import orthogonal_problem
from gradcli.shell.fits.questions.fit_question import spread_texts

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.fits.fitted_model import Fit

#: How near the last shifts are to the best ones, in σx, and rounds that are written out at most.
NEAR, MOST = 1e-8, 12


def orthogonal_cost(store: Store, fit: Fit) -> str | None:
    """The sum of the squared distances; None where the shifts settle slowly, or a function of the model has columns."""
    asked, names = fit.asked, fit.names
    spreads = spread_texts(asked, names.model.columns)
    whole = _inlined(asked.model, spreads)
    if whole is None:
        return None
    try:
        rounds = orthogonal_problem(store, names, asked, fit.rows).rounds(fit.solution.x, NEAR)
    except (ValueError, ArithmeticError):
        return None
    if rounds > MOST:
        return None
    functions, model = whole
    taken = {
        *names.columns.headers,
        *names.model.parameters,
        *(one.partition("(")[0].strip() for one in functions),
    }
    made = _Unrolled(spreads, str(asked.target), str(asked.sigma), taken)
    return "; ".join((*functions, *made.definitions(model, rounds), made.cost))


def _inlined(text: str, columns: Collection[str]) -> tuple[list[str], str] | None:
    """The functions of a model's definitions, and its expression with all other definitions put in.

    None where a function has one of the *columns*, which would stay where it is while the others shift, or a definition
    whose names are parameters of the function's own.
    """
    parts, known, functions = divided(text), dict[str, str](), list[str]()
    for one in parts.definitions:
        left, _, right = one.partition("=")
        if "(" not in left:
            known[left.strip()] = f"({_put_in(right.strip(), known)})"
            continue
        own = {token.text for token in tokens(left, rows=True) if token.kind == "name"}
        used = {token.text for token in tokens(right, rows=True)} & set(known) - own
        if any({token.text for token in tokens(known[name], rows=True)} & own for name in used):
            return None
        body = _put_in(right.strip(), {name: known[name] for name in used})
        if {token.text for token in tokens(body, rows=True)} & set(columns) - own:
            return None
        functions.append(f"{left.strip()} = {body}")
    return functions, _put_in(parts.expression, known)


def _put_in(text: str, known: Mapping[str, str]) -> str:
    """A text with what *known* names stand for."""
    pieces, end = list[str](), 0
    for token in tokens(text, rows=True):
        if token.kind == "name" and token.text in known:
            pieces += [text[end : token.start], known[token.text]]
            end = token.end
    return "".join((*pieces, text[end:]))


class _Unrolled:
    """The definitions of shifts, with names that stand for nothing else."""

    def __init__(self, spreads: Mapping[str, str], target: str, sigma: str, taken: Collection[str]) -> None:
        self._spreads, self._target, self._sigma, self._taken = spreads, target, sigma, set(taken)
        self._columns = list(spreads)
        self._curve = self._free("curve")
        self._slopes = [self._free(f"slope_{name}") for name in self._columns]
        self._shifts, self._pulls = [""] * len(self._columns), list[str]()
        self.cost = ""

    def _free(self, name: str) -> str:
        while name in self._taken:
            name += "_"
        self._taken.add(name)
        return name

    def definitions(self, model: str, rounds: int) -> list[str]:
        """The curve and its slopes as functions of the shifted columns, and the shifts of so many rounds."""
        own = ", ".join(self._columns)
        found = [f"{self._curve}({own}) = {model}"]
        for name, slope in zip(self._columns, self._slopes, strict=True):
            found.append(f"{slope}({own}) = diff({self._curve}({own}), {name})")
        for number in range(1, max(rounds, 1) + 1):
            found += self._round(number)
        here = f"({self._target} - {self._at(self._curve)})**2/({self._sigma})**2"
        moved = [
            f"({spread})**2*{pull}**2"
            for pull, spread in zip(self._pulls, self._spreads.values(), strict=True)
        ]
        self.cost = f"sum({' + '.join((here, *moved))})"
        return found

    def _at(self, function: str) -> str:
        """A function at the columns shifted as far as they are."""
        places = zip(self._columns, self._shifts, strict=True)
        return f"{function}({', '.join(f'{name} + {shift}' if shift else name for name, shift in places)})"

    def _round(self, number: int) -> Sequence[str]:
        """The definitions of one more round."""
        last = f"_{number}"
        across = [self._free(f"slope_{name}{last}") for name in self._columns]
        found = [f"{one} = {self._at(slope)}" for one, slope in zip(across, self._slopes, strict=True)]
        back = "".join(f" + {a}*{d}" for a, d in zip(across, self._shifts, strict=True) if d)
        left, variance = self._free(f"left{last}"), self._free(f"variance{last}")
        found.append(f"{left} = ({self._target}) - {self._at(self._curve)}{back}")
        spreads = list(self._spreads.values())
        squares = "".join(f" + ({a}*({s}))**2" for a, s in zip(across, spreads, strict=True))
        found.append(f"{variance} = ({self._sigma})**2{squares}")
        self._pulls = [self._free(f"pull_{name}{last}") for name in self._columns]
        self._shifts = [self._free(f"shift_{name}{last}") for name in self._columns]
        for pull, shift, a, s in zip(self._pulls, self._shifts, across, spreads, strict=True):
            found += [f"{pull} = {a}*{left}/{variance}", f"{shift} = ({s})**2*{pull}"]
        return found
