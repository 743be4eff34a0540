"""Who is asked next: in order, within each server's limit, not before it is ready."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from facegui.collect.download_hosts import Hosts, server_of


def test_servers_take_turns_and_keep_their_order() -> None:
    hosts = Hosts(per_host=1)
    for url in ("http://a/1", "http://a/2", "http://b/1"):
        hosts.add(url)
    assert len(hosts) == 3
    assert (hosts.take(0), hosts.take(0), hosts.take(0)) == ("http://a/1", "http://b/1", None)
    assert hosts.ended("http://a/1", reached=True) == 0
    assert hosts.take(0) == "http://a/2"
    assert len(hosts) == 0


def test_a_postponed_server_rests_and_the_others_go_on() -> None:
    hosts = Hosts(per_host=2)
    for url in ("http://a/1", "http://a/2", "http://b/1"):
        hosts.add(url)
    assert hosts.take(0) == "http://a/1"
    hosts.postpone("http://a/1", until=5)
    hosts.ended("http://a/1", reached=True)
    assert (hosts.take(1), hosts.take(1)) == ("http://b/1", None)
    hosts.postpone("http://a/1", until=3)  # never shortens a wait
    assert hosts.take(4.9) is None
    assert hosts.take(5) == "http://a/2"


def test_misses_in_a_row_are_counted_and_what_waits_can_be_given_up() -> None:
    hosts = Hosts(per_host=1)
    for n in range(5):
        hosts.add(f"http://a/{n}")
    reached = [False, True, False, False]
    counts = []
    for answer in reached:
        url = hosts.take(0)
        assert url is not None
        counts.append(hosts.ended(url, reached=answer))
    assert counts == [1, 0, 1, 2]
    assert hosts.give_up("http://a/0") == ["http://a/4"]
    assert (len(hosts), hosts.take(0)) == (0, None)


def test_a_server_is_its_host_and_port_whatever_the_case_and_the_user() -> None:
    assert server_of("http://me:pw@A.Example:81/x") == server_of("https://a.example:81/y?z")
    assert server_of("http://a.example/") != server_of("http://b.example/")


@given(
    st.lists(st.integers(0, 3), max_size=40),
    st.integers(1, 3),
    st.lists(st.integers(0, 30), max_size=20),
)
def test_everything_is_taken_once_and_no_server_beyond_its_limit(
    servers: list[int], per_host: int, waits: list[int]
) -> None:
    hosts = Hosts(per_host)
    urls = [f"http://s{server}/{n}" for n, server in enumerate(servers)]
    for url in urls:
        hosts.add(url)
    taken: list[str] = []
    running: list[str] = []
    clock = 0.0
    ready = {server_of(url): 0.0 for url in urls}
    while len(hosts) or running:
        while (url := hosts.take(clock)) is not None:
            assert clock >= ready[server_of(url)]
            running.append(url)
            taken.append(url)
            assert sum(server_of(url) == server_of(other) for other in running) <= per_host
        if running:
            ended = running.pop(0)
            if waits:
                ready[server_of(ended)] = max(ready[server_of(ended)], clock + waits[-1])
                hosts.postpone(ended, clock + waits.pop())
            hosts.ended(ended, reached=True)
        clock += 1
    assert sorted(taken) == sorted(urls)
    for server in set(servers):
        own = [url for url in taken if url.startswith(f"http://s{server}/")]
        assert own == [url for url in urls if url.startswith(f"http://s{server}/")]
