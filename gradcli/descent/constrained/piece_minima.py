"""Points where corners, jumps and ends of roots meet constraints: is each smooth piece that comes near least there?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import ball, working_bits
from gradcli.calculus.balls.decimals import double
from gradcli.calculus.balls.programs import ball_backend
from gradcli.calculus.balls.programs.ball_operations import Failure, undecided
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.descent.certificates.simple_points import nearest_simple
from gradcli.descent.constrained.constrained_outcome import Wish
from gradcli.descent.constrained.kkt_evidence import evidence_of
from gradcli.descent.constrained.kkt_search import kkt_finding
from gradcli.descent.constrained.optimality.dependent_slopes import dependent_minimum
from gradcli.descent.constrained.optimality.kkt_record import KktFinding
from gradcli.descent.constrained.optimality.lifted_kinks import values_of
from gradcli.descent.constrained.optimality.meeting_pieces import SmoothPiece, smooth_pieces
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls
from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem
from gradcli.descent.objective.objective_in_balls import BITS, floats
from gradcli.descent.objective.vectors import norm
from gradcli.descent.verdicts.outcome import UPHILL, Constrained, Outcome, listed
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.problem_text import divided
from gradcli.language.records import NamedTuple

#: Points of pieces that are as near as this are one point.
SAME = 2.0**-100


class _Looked(NamedTuple):
    """A piece, its problem, and what the point is in it."""

    piece: SmoothPiece
    exactly: ConstrainedInBalls
    found: KktFinding


def minimum_of_pieces(
    text: str, constraints: Sequence[Constraint], ends: Sequence[Mapping[str, float]], base: Outcome, wish: Wish
) -> Outcome | None:  # fmt: skip
    """A minimum next to one of the points *ends* that all pieces show; None where there is none. base: what was counted."""
    tried: list[Mapping[str, float]] = []
    for end in ends:
        for at in (end, *(_simple(end, most) for most in (1, 10, 100))):
            if (
                at in tried
                or max((abs(at[n] - a) / (1 + abs(a)) for n, a in end.items()), default=0.0) > NEAR
            ):
                continue
            tried.append(at)
            try:
                found = _where_it_is(text, constraints, at, wish)
            except (ValueError, ArithmeticError):
                continue
            if found is not None:
                definitions = divided(text).definitions
                beside = ["; ".join([*definitions, one.difference]) for one in constraints]
                return _told(found, [text, *beside], at, base, wish)
    return None


#: A constraint of a piece that is missed by more, where the point is known to a hundred digits, does not hold there.
BROKEN = fmpq(1, 2**60)

#: The point is where it was looked for, as doubles go; looks at what meets where it was found.
HERE, LOOKS = 2.0**-48, 4

#: What floats may be away from balls by, at the doubles next to the point.
ROOM = 1e-5

#: Simple numbers are looked for within this share of the point's size.
NEAR = 0.02


def _simple(at: Mapping[str, float], most: int) -> dict[str, float]:
    return {name: float(nearest_simple(double(a), most)) for name, a in at.items()}


def _where_it_is(
    text: str, constraints: Sequence[Constraint], at: Mapping[str, float], wish: Wish
) -> list[_Looked] | None:
    """What the minimum next to *at* is in each piece that meets at the minimum itself; None where none is found."""
    for _ in range(LOOKS):
        pieces = smooth_pieces(text, constraints, at)
        found = None if pieces is None else _of_all(pieces, wish)
        if found is None:
            return None
        names = found[0].exactly.problem.names
        there = dict(zip(names, floats(found[0].found.x), strict=True))
        if all(abs(there.get(name, a) - a) <= HERE * (1 + abs(a)) for name, a in at.items()):
            return found
        at = {name: there.get(name, a) for name, a in at.items()}  # what meets there may be something else
    return None


def _of_all(pieces: Sequence[SmoothPiece], wish: Wish) -> list[_Looked] | None:
    """What the point is in each piece that comes near it, its own first; None where it is no minimum of one."""
    found: list[_Looked] = []
    empty: list[tuple[SmoothPiece, ConstrainedInBalls]] = []
    for piece in sorted(pieces, key=lambda one: not one.own):
        looked = _looked(piece, wish)
        if isinstance(looked, _Looked):
            found.append(looked)
        elif not found or looked is None:
            return None  # the point's own piece
        else:
            empty.append((piece, looked))
    with working_bits(BITS):
        first, point = found[0], _named(found[0])
        lifted = {root.name for root in first.piece.roots}
        for one in found[1:]:
            other = _named(one)
            shared = [name for name in point if name in other and name not in lifted]
            if any(not abs(ball(point[n] - other[n])).upper() <= SAME for n in shared):
                return None
            if one.found.value < first.found.value or not _no_less(one.found.value, first.found.value):
                return None
        value = first.found.value
        return found if all(_is_away(first, *one, value) for one in empty) else None


def _no_less(value: Any, own: Any) -> bool:
    gap = ball(value - own)
    return bool(gap >= 0) or bool(abs(gap).upper() <= SAME)


def _named(one: _Looked) -> dict[str, Any]:
    return dict(zip(one.exactly.problem.names, one.found.x, strict=True))


def _is_away(first: _Looked, piece: SmoothPiece, exactly: ConstrainedInBalls, value: Any) -> bool:
    """Whether the point, and so all next to it, certainly breaks a constraint of the piece, or f is above *value* in it."""
    roots = _roots_at(first, piece)
    if roots is None:
        return False
    if any(isinstance(number, Failure) for number in roots.values()):
        return True
    values = {name: double(a) for name, a in piece.at.items()} | _named(first) | roots
    place = exactly.look([values[name] for name in exactly.problem.names])
    if place is None:
        return False
    broken = (
        h > BROKEN or (equal and h < -BROKEN) for h, equal in zip(place.h, exactly.problem.equal, strict=True)
    )
    return any(broken) or bool(place.f - value > BROKEN)


def _roots_at(first: _Looked, piece: SmoothPiece) -> dict[str, Any] | None:
    """The roots of another piece at the point that *first* has; a Failure where one certainly ends before; None if unknown."""
    own = {root.name: root for root in first.piece.roots}
    point = _named(first)
    known = {name: double(a) for name, a in piece.at.items() if name not in own} | point
    found: dict[str, Any] = {}
    for root in piece.roots:
        same = root.name in own and own[root.name].links == root.links
        if same and not any(name in link for name in found for _, link in root.links):
            continue  # the same root of the same numbers
        program = compile_text([root.value], tuple(known), None, formulas=False).program
        slots = ball_backend.run(program, [known[name] for name in program.variables], BITS)
        number = slots[program.value]
        if isinstance(number, Failure) and (undecided(number) or number.instruction != len(program.code) - 1):
            return None
        known[root.name] = found[root.name] = number
        if isinstance(number, Failure):
            break
    return found


def _looked(piece: SmoothPiece, wish: Wish) -> _Looked | ConstrainedInBalls | None:
    """What the point is in the piece; the problem in balls where it is no minimum of it; None where nothing can be said."""
    found = _looked_at(piece, wish)
    tips = piece.as_tips()
    if isinstance(found, _Looked) or tips is piece:
        return found
    other = _looked_at(tips, wish)
    return other if isinstance(other, _Looked) and _inside_of_cones(other) else found


def _inside_of_cones(one: _Looked) -> bool:
    """Whether the multipliers of each tip certainly lie inside of its cone, and the form is positive definite beside."""
    weights = one.found.weights
    if one.found.kind != "minimum" or one.found.how not in ("", "dependent"):
        return False
    with working_bits(BITS):
        return all(
            ball(weights[root]) > 0
            and sum((ball(weights[i]) * weights[i] for i in squares), arb(0))
            < ball(weights[root]) * weights[root]
            for root, squares in one.piece.tips
        )


def _looked_at(piece: SmoothPiece, wish: Wish) -> _Looked | ConstrainedInBalls | None:
    """What the point is in the piece as it is written."""
    moving = None if wish.wrt is None else [*wish.wrt, *(root.name for root in piece.roots)]
    problem = ConstrainedProblem([piece.text], piece.constraints, piece.at, moving, ascend=wish.ascend)
    exactly = ConstrainedInBalls(problem)
    place = problem.look([piece.at[name] for name in problem.names])
    if place is None:
        return None
    spans = [1.0 + norm(place.x)] * len(place.x)
    scales = [1.0 / (norm(row) or 1.0) for row in place.rows]
    found = kkt_finding(exactly, place, spans, scales)
    if found is None or found.kind not in ("minimum", "level"):
        found = dependent_minimum(exactly, place, spans)
    return exactly if found is None else _Looked(piece, exactly, found)


def _told(
    found: Sequence[_Looked], texts: Sequence[str], at: Mapping[str, float], base: Outcome, wish: Wish
) -> Outcome | None:
    """The outcome in the words of the first problem; None where the point lies on a border that is excluded."""
    piece, exactly, finding = found[0]
    count = len(texts) - 1
    problem = exactly.problem
    evidence, f, _ = evidence_of(exactly, finding)
    names = {root.name for root in piece.roots}
    x = {
        name: a
        for name, a in {**at, **dict(zip(problem.names, floats(finding.x), strict=True))}.items()
        if name not in names
    }
    if any(problem.constraints[i].strict for i in finding.active if i < count):
        return None
    if not _agrees(texts, x, problem.sign * f, [one.relation for one in problem.constraints]):
        return None
    evidence = _in_common(evidence, found, count)
    states = evidence.constraints
    active = [one for one in states if one.active]
    bound = bool(active) and all(one.kind == "bound" for one in active)
    kind = "on-bound" if bound else "on-constraint" if active else "at-corner"
    status = f"minimum-{kind}"
    multipliers = {one.text: one.multiplier for one in active if one.multiplier is not None}
    return base._replace(
        status=UPHILL.get(status, status) if wish.ascend else status,
        message=_sentence(problem.extreme, active, x, piece.meeting), success=True, x=x,
        fun=problem.sign * f + 0.0, jac=dict.fromkeys(x), multipliers=multipliers or None,
        constrained=evidence, eigenvalues=None, direction=None, order=None, norm=0.0,
    )  # fmt: skip


def _agrees(texts: Sequence[str], x: Mapping[str, float], value: float, relations: Sequence[str]) -> bool:
    """Whether f as it was typed has the value there, and its constraints hold, in floats."""
    try:
        f, *differences = values_of(texts, x)
    except (ValueError, ArithmeticError):
        return True  # the nearest doubles are just outside of the domain
    room = ROOM * (1 + max(map(abs, x.values()), default=0.0))
    missed = [
        abs(a) if relation == "=" else a if relation == "<=" else -a
        for a, relation in zip(differences, relations, strict=False)
    ]
    return abs(f - value) <= ROOM * (1 + abs(value)) and all(a <= room for a in missed)


def _in_common(evidence: Constrained, found: Sequence[_Looked], count: int) -> Constrained:
    """The evidence of the problem's own constraints; multipliers where all pieces have the same ones."""
    others = [evidence_of(one.exactly, one.found)[0].constraints[:count] for one in found[1:]]
    states = []
    for i, one in enumerate(evidence.constraints[:count]):
        mine = one.multiplier
        same = all(
            mine is not None
            and (m := other[i].multiplier) is not None
            and abs(m - mine) <= 1e-9 * (1 + abs(mine))
            for other in others
        )
        states.append(one if same else one._replace(multiplier=None, kkt_multiplier=None, wrt_constant=None))
    return evidence._replace(
        constraints=tuple(states), singular_values=None, regular=None, kkt_residual=None, complementarity=None,
        convex=False, arc=(), combination=None,
    )  # fmt: skip


def _sentence(extreme: str, active: Sequence[Any], x: Mapping[str, float], meeting: Sequence[str]) -> str:
    texts = [one.text for one in active]
    kind = "bound" if all(one.kind == "bound" for one in active) else "constraint"
    on = f" on the {kind}{'s' * (len(texts) > 1)}" if texts else ""
    what = ", ".join(meeting[:3]) + (", …" if len(meeting) > 3 else "")
    where = f"a {extreme}{on} at {listed(x)}"
    ends = f"{what} {'has' if len(meeting) == 1 else 'have'} no slope there" if meeting else ""
    held = f"{', '.join(texts[:3])} {'holds' if len(texts) == 1 else 'hold'} it back" if texts else ""
    way = "up" if extreme == "maximum" else "down"
    shown = f"no smooth piece that meets there has a way {way}, by multipliers and second derivatives of each"
    return f"{where}: {'; '.join(part for part in (ends, held, shown) if part)}"
