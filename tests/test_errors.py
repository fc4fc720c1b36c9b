"""The exceptions: one problem reads as a sentence, several as a list."""

from __future__ import annotations

import pickle

import pytest

from tumen.errors import Infeasible, InvalidInput, NotConverged, Problem, TumenError


def test_one_problem_is_its_own_message() -> None:
    assert str(InvalidInput("no such file")) == "no such file"
    assert str(InvalidInput(Problem("a.yaml:3", "x is missing"))) == "a.yaml:3: x is missing"


def test_several_problems_are_listed_in_order() -> None:
    error = InvalidInput([Problem("a.yaml:3", "x is missing"), Problem("", "y")], "scenario")
    assert str(error) == "scenario: 2 problems\n  - a.yaml:3: x is missing\n  - y"
    assert [problem.message for problem in error.problems] == ["x is missing", "y"]


def test_a_subject_stands_in_front_of_one_problem_too() -> None:
    assert str(Infeasible("exports are shut", "PRK")).startswith("PRK: 1 problem\n")


def test_a_failed_solve_names_the_worst_economy_and_the_likely_cause() -> None:
    error = NotConverged("PRK", 0.5, 500, "a transfer into a closed economy")
    assert (error.economy, error.imbalance, error.iterations) == ("PRK", 0.5, 500)
    for words in ("PRK", "0.5", "500 iterations", "a transfer into a closed economy"):
        assert words in str(error)


def test_all_errors_have_one_base() -> None:
    with pytest.raises(TumenError):
        raise InvalidInput("x")
    assert issubclass(InvalidInput, ValueError)
    assert issubclass(Infeasible, TumenError)
    assert issubclass(NotConverged, TumenError)


def test_errors_keep_what_they_say_between_processes() -> None:
    for error in (
        NotConverged("PRK", 0.1, 5, "a trial"),
        Infeasible([Problem("economy PRK", "is shut"), Problem("", "and more")], "solve"),
    ):
        error.add_note("in step law")
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again)) == (type(error), str(error))
        assert vars(again) == vars(error)
