"""Function calls, and the two functions that catch errors: `try` and `can`."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.model.location import Location
from scanner.model.value import Reason, Unknown, Value
from scanner.sources.terraform.functions import FUNCTIONS, FunctionError
from scanner.sources.terraform.operators import first_unknown
from scanner.sources.terraform.scope import EvaluationError, Expression, Scope, check_size, derived, inherit
from scanner.sources.terraform.types import is_sequence

REVEALING = frozenset({"nonsensitive", "issensitive"})


class Call:
    """`name(arguments)`; with `expand` the elements of the last argument are arguments of their own."""

    __slots__ = ("arguments", "expand", "function", "location", "name")

    def __init__(self, name: str, arguments: Sequence[Expression], expand: bool, location: Location) -> None:
        self.name = name.removeprefix("core::")
        self.function = FUNCTIONS.get(self.name)
        self.arguments = arguments
        self.expand = expand
        self.location = location

    def evaluate(self, scope: Scope) -> Value:
        """The result; unknown where an argument is, unless the function can tell nevertheless."""
        arguments = [argument.evaluate(scope) for argument in self.arguments]
        if self.expand:
            last = arguments.pop()
            if isinstance(last.raw, Unknown):
                return derived(last.raw, *arguments, last)
            if not is_sequence(last.raw):
                raise EvaluationError("only a list can be expanded into arguments", self.location)
            arguments.extend(inherit(last, item) for item in last.raw)
        function = self.function
        if function is None:
            return derived(Unknown(Reason.UNSUPPORTED, f"the function {self.name} is not known"), *arguments)
        try:
            for argument in arguments:
                if isinstance(argument.raw, tuple | list | dict):
                    check_size(argument)
            result = function.call(scope, arguments)
            check_size(result)
        except EvaluationError:
            raise
        except (FunctionError, ValueError, ArithmeticError, OSError, RecursionError) as error:
            raise EvaluationError(str(error), self.location) from error
        if not result.sensitive and self.name not in REVEALING and any(item.sensitive for item in arguments):
            result = result.with_(sensitive=True)
        return result


class Try:
    """`try(a, b, …)`: the first argument that can be evaluated."""

    __slots__ = ("arguments", "location")

    def __init__(self, arguments: Sequence[Expression], location: Location) -> None:
        self.arguments = arguments
        self.location = location

    def evaluate(self, scope: Scope) -> Value:
        """The value of that argument; what is unknown counts as evaluated, since nobody can tell."""
        inner = scope.demanding()
        message = "no argument"
        for argument in self.arguments:
            try:
                return argument.evaluate(inner)
            except EvaluationError as error:
                message = error.message
        raise EvaluationError(f"try: no expression succeeded: {message}", self.location)


class Can:
    """`can(a)`: whether the argument can be evaluated."""

    __slots__ = ("argument",)

    def __init__(self, argument: Expression) -> None:
        self.argument = argument

    def evaluate(self, scope: Scope) -> Value:
        """True or false; unknown where the argument is."""
        try:
            value = self.argument.evaluate(scope.demanding())
        except EvaluationError:
            return Value(False)
        blank = first_unknown(value)
        return derived(blank or True, value)


class ForeignCall:
    """`provider::name::function(arguments)`."""

    __slots__ = ("arguments", "name")

    def __init__(self, name: str, arguments: Sequence[Expression]) -> None:
        self.name = name
        self.arguments = arguments

    def evaluate(self, scope: Scope) -> Value:
        """Unknown, with the references of the arguments."""
        values = [argument.evaluate(scope) for argument in self.arguments]
        return derived(Unknown(Reason.UNSUPPORTED, f"{self.name} is a function of a provider"), *values)
