"""Text → expression tree, by precedence climbing.

    problem    = { definition } condition                   pieces separated by ";" or line ends: see `definitions`
    condition  = comparison { ("and" | "or") comparison }
    comparison = sum { ("<" | "<=" | ">" | ">=" | "==" | "!=") sum }        more than two: all in one direction
    sum        = product { ("+" | "-") product }
    product    = unary { ("*" | "/") unary | power }        side by side only where it cannot be misread
    unary      = ("-" | "+") unary | power
    power      = atom [ "!" | "°" | superscript ] [ "**" unary ]        to the right: 2**3**2 = 2**9
    atom       = number | name | name "(" condition { "," condition } ")" | "(" condition ")" | "|" sum "|" | "√" atom

What is as deep as the expression is one generator, `_climb`; where a rule needs another it yields it, and `run` keeps
the stack. So the depth of an expression never meets the depth of Python's own stack.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from gradcli.language.call_signatures import (
    PIECES,
    check_call,
    check_condition,
    overloaded,
    unknown_function,
)
from gradcli.language.errors import LimitProblem, SyntaxProblem
from gradcli.language.function_table import CONSTANTS, SPELLINGS
from gradcli.language.limits import limit, limit_problem
from gradcli.language.parser.generator_stack import Steps as _Climb
from gradcli.language.parser.generator_stack import run
from gradcli.language.parser.indexed_calls import INDEXED, REDUCING, ROWS_OR_ONE, check_reduction
from gradcli.language.parser.typed_signs import (
    OWN_NAMES,
    chained,
    check_factorial,
    degree,
    indexed_call,
    own_call,
    product_hint,
    sign_problem,
)
from gradcli.language.tokens import Token
from gradcli.language.tree import BINDING, COMPARISONS, CONDITIONS, Node, Span

_UNARY = 6

_record = Node._make

#: What ends a number or a name that is an operand by itself; in a sum no product follows it.
_AFTER_TERM = frozenset(("+", "-", ")", ","))
_AFTER_ATOM = _AFTER_TERM | {"*", "/"}


class Parser:
    """Reads one piece of a text. expands: whether its tree has parts that are to be written out."""

    def __init__(
        self,
        text: str,
        found: Sequence[Token],
        given: Container[str],
        functions: Mapping[str, int] | None = None,
        columns: Container[str] = (),
    ) -> None:
        self.text, self.given, self.functions, self.columns = text, given, functions or {}, columns
        self.tokens = found
        self.position = 0
        self.nodes: list[Node] = []
        self.most, self.longest = limit("nodes"), limit("number")
        self.expands = False
        self.compared = False  # whether there are comparisons

    def root(self) -> int:
        """The position of the whole piece's node. Raises SyntaxProblem, NameProblem or LimitProblem."""
        root = run(self._climb(0))
        if self._next.kind != "end":
            raise self._unexpected(self._next)
        if self.nodes[root].op in CONDITIONS:
            raise self._problem("a comparison is not a number", self.nodes[root].span, _WHERE)
        return root

    @property
    def _next(self) -> Token:
        return self.tokens[self.position]

    def _take(self) -> Token:
        self.position += 1
        return self.tokens[self.position - 1]

    def _climb(self, floor: int, after: str = "") -> _Climb:
        """An operand and the operators after it that bind at least as tightly as *floor*."""
        start = self.tokens[self.position].start
        left = self._alone(_AFTER_ATOM)
        if left < 0:
            left = yield from self._operand()
        while True:
            operator = self._operator(after)
            if BINDING.get(operator, -1) < floor:
                return left
            if operator in ("+", "-"):
                left = yield from self._sum(left, start)
            elif operator == "*":
                left = yield from self._product(left, start)
            elif operator == "**":
                self._take()
                power = self._alone(_AFTER_ATOM)
                left = self._node(
                    "**", left, power if power >= 0 else (yield self._climb(7, "**")), start=start
                )
            else:
                self._take()
                right = yield self._climb(BINDING[operator] + 1, operator)
                left = self._node(operator, left, right, start=start)
                if operator in COMPARISONS and self._next.text in COMPARISONS:
                    left = yield from self._comparisons(left, operator, start)

    def _alone(self, ends: Container[str]) -> int:
        """The node of a name or a number that one of the signs *ends* follows; -1 for anything else."""
        kind, text, start, end = token = self.tokens[self.position]
        if kind != "number" and (kind != "name" or text in CONSTANTS):
            return -1
        if self.tokens[self.position + 1][1] not in ends:
            return -1
        self.position += 1
        return (
            self._number(token) if kind == "number" else self._add(_record(("name", (), text, (start, end))))
        )

    def _operator(self, after: str) -> str:
        """The operator that comes next, `*` where a product is written side by side, or nothing."""
        token, last = self.tokens[self.position], self.tokens[self.position - 1]
        if token.kind == "sign" and token.text not in ("(", "√", "∛"):
            return token.text if token.text in BINDING else ""
        if token.text in ("and", "or"):
            return token.text
        if token.kind in ("end", "sign") and token.text not in ("(", "√", "∛"):
            return ""
        if token.kind in ("number", "power") or last.kind == "name" or last.text in ("|", "!", "°"):
            raise self._unexpected(token)
        if after in ("/", "**"):
            raise self._at(
                token,
                _TWO_WAYS,
                self._meant(),
            )
        return "*"

    def _meant(self) -> str:
        """How to write what stands before a product that can be read in two ways."""
        base, sign, power = self.tokens[max(self.position - 3, 0) : self.position][-3:]
        if base.text in SPELLINGS and sign.text == "**":
            return _power_of(base.text, power.text)
        return "write what is meant with * and brackets"

    def _sum(self, left: int, start: int) -> _Climb:
        items = [left]
        while (sign := self.tokens[self.position]).text in ("+", "-"):
            self.position += 1
            item = self._alone(_AFTER_TERM)
            if item < 0:
                item = yield self._climb(5, sign.text)
            items.append(self._node("neg", item, start=sign.start) if sign.text == "-" else item)
        return self._node("+", *items, start=start)

    def _product(self, left: int, start: int) -> _Climb:
        items = [left]
        while self._operator("*") == "*":
            if self.tokens[self.position].text == "*":
                self.position += 1
            item = self._alone(_AFTER_ATOM)
            items.append(item if item >= 0 else (yield self._climb(6, "*")))
        return self._node("*", *items, start=start)

    def _comparisons(self, left: int, operator: str, start: int) -> _Climb:
        """The rest of a chain 0 < x <= 2, which means 0 < x and x <= 2."""
        self.expands = True
        operators, middle = [operator], self.nodes[left].args[1]
        while (operator := self._next.text) in COMPARISONS:
            operators.append(operator)
            chained(self.text, operators, self._take())
            right = yield self._climb(BINDING[operator] + 1, operator)
            begin = self.nodes[middle].span[0]
            left = self._node("and", left, self._node(operator, middle, right, start=begin), start=start)
            middle = right
        return left

    def _operand(self) -> _Climb:
        token = self._take()
        if token.kind == "sign" and token.text in ("-", "+"):
            inner = yield self._climb(_UNARY, "-")
            return inner if token.text == "+" else self._node("neg", inner, start=token.start)
        before = self.tokens[self.position - 2] if self.position > 1 else None
        atom = yield from self._atom(token)
        while self._next.kind == "sign" and self._next.text in ("!", "°"):
            atom = self._postfix(atom, token, before)
        if self._next.kind == "power":
            power = self._take()
            if len(power.text) > limit("number"):
                raise self._too_large("number", "a number may have {:,.0f} characters", power)
            negative = power.text.startswith("-")
            exponent = self._leaf("number", power.text.lstrip("-"), power.start + negative, power.end)
            exponent = self._node("neg", exponent, start=power.start) if negative else exponent
            function = token.text in SPELLINGS and token.text not in self.given
            if self.nodes[atom].op == "name" and function and self._next.text == "(":
                raise self._at(self._next, _TWO_WAYS, _power_of(token.text, power.text))
            return self._node("**", atom, exponent, start=token.start)
        return atom

    def _postfix(self, atom: int, token: Token, before: Token | None) -> int:
        """x! and 30°, of the atom that *token* begins; *before*: what stands before that."""
        sign = self._take()
        if sign.text == "!":
            check_factorial(self.text, self.nodes[atom].op, sign, self._next, before)
            return self._node("factorial", atom, start=token.start)
        return self._node("*", atom, degree(self._leaf, self._node, sign), start=token.start)

    def _atom(self, token: Token) -> _Climb:
        if token.kind == "number":
            return self._number(token)
        if token.kind == "name":
            if self._next.text == "(":
                return (yield from self._call(token))
            if self._next.text == "[":
                return (yield from self._element(token))
            constant = token.text in CONSTANTS and token.text not in self.given
            self.expands |= constant and token.text == "deg"
            return self._leaf("constant" if constant else "name", token.text, token.start, token.end)
        if token.text == "(":
            inner = yield self._climb(0)
            self._close(token)
            return inner
        if token.text == "|":
            inner = yield self._climb(0)
            self._close(token, "|")
            return self._node("abs", inner, start=token.start)
        if token.text in ("√", "∛"):
            argument = yield self._atom(self._take())
            return self._node(SPELLINGS[token.text], argument, start=token.start)
        raise self._unexpected(token)

    def _element(self, name: Token) -> _Climb:
        """One row of a column: x[i+1]."""
        if name.text not in self.columns:
            raise self._at(name, f"{name.text} has one number here, and no rows")
        opening = self._take()
        index = yield self._climb(0)
        end = self._close(opening, "]")
        check_condition(self.text, "call", [self.nodes[index]])
        return self._add(Node("element", (index,), name.text, (name.start, end)))

    def _call(self, name: Token) -> _Climb:
        own = name.text in self.functions or (
            name.text not in SPELLINGS and name.text in OWN_NAMES and name.text not in self.given
        )
        if not own and (name.text in self.given or name.text not in SPELLINGS):
            raise unknown_function(self.text, name, name.text in self.given)
        opening = self._take()
        arguments: list[int] = []
        while self._next.text != ")":
            if len(arguments) == 2 and not own and SPELLINGS[name.text] == "hypot":  # of more than two
                arguments = [self._node("hypot", *arguments, start=name.start)]
            arguments.append((yield self._climb(0)))
            if self._next.text != ",":
                break
            self._take()
        end = self._close(opening)
        if own:
            self.expands = True
            return self._own(name, arguments, (name.start, end))
        given, span = [self.nodes[i] for i in arguments], (name.start, end)
        if self.columns and len(arguments) == 1 and SPELLINGS[name.text] in ROWS_OR_ONE:
            check_condition(self.text, "call", given)
            return self._add(Node("rows", (arguments[0],), SPELLINGS[name.text], span))
        function, taken = overloaded(self.text, SPELLINGS[name.text], given, span)
        check_call(self.text, function, given[:taken], span)
        return self._node(function, *arguments[:taken], start=name.start, end=end)

    def _own(self, name: Token, arguments: list[int], span: Span) -> int:
        """A call of a function of the text's own, or of one that runs over an index."""
        args = [self.nodes[i] for i in arguments]
        if name.text in self.functions:
            check_condition(self.text, "call", args)
            own_call(self.text, name, self.functions[name.text], len(arguments), span)
            return self._add(Node("call", tuple(arguments), name.text, span))
        if name.text in REDUCING and not (name.text in INDEXED and len(args) == 4):
            self._check_reduction(name, args, span)
            return self._add(Node("rows", tuple(arguments), name.text, span))
        text, kept = indexed_call(self.text, name, args, span)
        check_condition(self.text, "call", [args[i] for i in kept])
        return self._add(Node(name.text, tuple(arguments[i] for i in kept), text, span))

    def _check_reduction(self, name: Token, args: Sequence[Node], span: Span) -> None:
        """Raises NameProblem where a call that brings rows to one number has another form, or there are no columns."""
        check_reduction(self.text, name.text, len(args), span, bool(self.columns))
        check_condition(self.text, "call", args)

    def _close(self, opening: Token, closing: str = ")") -> int:
        token = self._take()
        if token.text != closing:
            if token.kind == "end":
                what = "bar" if closing == "|" else "bracket"
                raise self._at(opening, f"this {what} is not closed", f"add a {closing}")
            raise self._unexpected(token)
        return token.end

    def _number(self, token: Token) -> int:
        _, text, start, end = token
        if len(text) > self.longest:
            raise self._too_large("number", "a number may have {:,.0f} characters", token)
        if "e" in text or "E" in text:
            exponent = text.lower().partition("e")[2]
            if len(exponent) > 12 or (exponent and abs(int(exponent)) > limit("exponent")):
                raise self._too_large("exponent", "the power of ten in a number may be {:,.0f}", token)
        return self._add(_record(("number", (), text, (start, end))))

    def _too_large(self, name: str, sentence: str, token: Token) -> LimitProblem:
        message = sentence.format(limit(name))
        return limit_problem(name, message, text=self.text, span=(token.start, token.end))

    def _leaf(self, op: str, text: str, start: int, end: int) -> int:
        return self._add(_record((op, (), text, (start, end))))

    def _add(self, node: Node) -> int:
        place, nodes = len(self.nodes), self.nodes
        if place >= self.most:
            raise limit_problem(
                "nodes", f"an expression may have {self.most:,.0f} operations, numbers and names"
            )
        nodes.append(node)
        return place

    def _node(self, op: str, *arguments: int, start: int | None = None, end: int | None = None) -> int:
        if start is None:
            start = self.nodes[arguments[0] if arguments else -1].span[0]
        stop = end if end is not None else self.tokens[self.position - 1].end
        if self.compared or op in PIECES:
            check_condition(self.text, op, [self.nodes[i] for i in arguments])
        self.compared = self.compared or op in CONDITIONS
        return self._add(_record((op, arguments, "", (start, stop))))

    def _problem(self, message: str, span: tuple[int, int], hint: str | None = None) -> SyntaxProblem:
        return SyntaxProblem(message, text=self.text, span=span, hint=hint)

    def _at(self, token: Token, message: str, hint: str | None = None) -> SyntaxProblem:
        return self._problem(message, (token.start, max(token.end, token.start + 1)), hint)

    def _unexpected(self, token: Token) -> SyntaxProblem:
        last = self.tokens[self.position - 1]
        before = self.tokens[self.position - 2] if last is token and self.position > 1 else last
        if token.kind == "end":
            if not self.text.strip():
                return SyntaxProblem("the expression is empty")
            return self._at(token, "the expression ends too early", _OPERAND)
        if (problem := sign_problem(self.text, token, before)) is not None:
            return problem
        if token.text == ")":
            return self._at(
                token, "this bracket closes nothing" if before.text != "(" else "these brackets are empty"
            )
        if (token.kind in ("number", "name", "power") and before.kind in ("number", "name", "power")) or (
            before.text == ")"
        ):
            return self._at(
                token,
                f"{token.text} does not follow what stands before it",
                _beside(self.text, before, token),
            )
        return self._at(token, f"{token.text} is not expected here", _hint(token, before))


def _hint(token: Token, before: Token) -> str | None:
    if before.kind == "sign" and before.text != ")":
        return _OPERAND
    return "a comma separates the arguments of a function" if token.text == "," else None


def _power_of(function: str, power: str) -> str:
    """How sin²(x) or sin⁻¹(x) is written."""
    if power == "-1" and f"a{function}" in SPELLINGS:
        return f"the inverse is written a{function}(x), and the reciprocal 1/{function}(x)"
    return f"a power of a function is written {function}(x)**{power}"


_TWO_WAYS = "this product side by side can be read in two ways"
_OPERAND = "a number, a name or a bracket is missing here"
_WHERE = "comparisons are conditions: where(x > 0, a, b)"


def _beside(text: str, before: Token, token: Token) -> str:
    if token.text in ("if", "else"):
        return "a choice is written where(x > 0, a, b)"
    if before.text in SPELLINGS:
        return f"arguments need brackets: {before.text}({token.text})"
    return product_hint(text, before, token)
