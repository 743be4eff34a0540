"""A list that is read anew keeps its order."""

from __future__ import annotations

from facegui.gui.people.order import Order

Row = tuple[int, ...]


def arranged(order: Order, *rows: Row) -> list[Row]:
    return order.arrange(rows, lambda row: row)


def test_known_rows_keep_their_order_and_new_ones_go_below() -> None:
    order = Order()
    assert arranged(order, (1,), (2,), (3,)) == [(1,), (2,), (3,)]
    assert arranged(order, (4,), (3,), (1,)) == [(1,), (3,), (4,)]
    assert arranged(order, (2,), (4,), (1,)) == [(1,), (2,), (4,)], "back on its old place"


def test_a_row_is_known_by_any_of_its_faces() -> None:
    order = Order()
    arranged(order, (1, 2, 3), (4, 5))
    assert arranged(order, (4, 5, 6), (3,), (7,)) == [(3,), (4, 5, 6), (7,)]
    assert arranged(order, (6,), (2, 9)) == [(2, 9), (6,)]


def test_what_falls_apart_stays_together() -> None:
    order = Order()
    arranged(order, (1, 2, 3, 4), (5, 6))
    assert arranged(order, (5, 6), (3, 4), (1, 2)) == [(3, 4), (1, 2), (5, 6)]


def test_what_is_forgotten_comes_as_new_and_a_new_list_as_it_is() -> None:
    order = Order()
    arranged(order, (1,), (2,), (3,))
    order.forget([1, 99])
    assert arranged(order, (1,), (2,), (3,)) == [(2,), (3,), (1,)]
    order.begin()
    assert arranged(order, (3,), (1,), (2,)) == [(3,), (1,), (2,)]
    assert arranged(order) == []
