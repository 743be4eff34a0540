"""A list that is read anew keeps its order."""

from __future__ import annotations

from facegui.gui.people.order import Order

Row = tuple[int, ...]


def arranged(order: Order, *rows: Row) -> tuple[list[Row], Order]:
    return order.arrange(rows, lambda row: row)


def test_known_rows_keep_their_order_and_new_ones_go_below() -> None:
    rows, order = arranged(Order(), (1,), (2,), (3,))
    assert rows == [(1,), (2,), (3,)]
    rows, order = arranged(order, (4,), (3,), (1,))
    assert rows == [(1,), (3,), (4,)]
    rows, _ = arranged(order, (2,), (4,), (1,))
    assert rows == [(1,), (2,), (4,)], "back on its old place"


def test_a_row_is_known_by_any_of_its_keys() -> None:
    _, order = arranged(Order(), (1, 2, 3), (4, 5))
    rows, order = arranged(order, (4, 5, 6), (3,), (7,))
    assert rows == [(3,), (4, 5, 6), (7,)]
    rows, _ = arranged(order, (6,), (2, 9))
    assert rows == [(2, 9), (6,)]


def test_what_falls_apart_stays_together() -> None:
    _, order = arranged(Order(), (1, 2, 3, 4), (5, 6))
    rows, _ = arranged(order, (5, 6), (3, 4), (1, 2))
    assert rows == [(3, 4), (1, 2), (5, 6)]


def test_an_order_does_not_change_by_being_used() -> None:
    _, order = arranged(Order(), (1,), (2,))
    before = dict(order.places)
    rows, _ = arranged(order, (3,), (2,))
    assert rows == [(2,), (3,)]
    assert order.places == before
    assert arranged(Order())[0] == []
