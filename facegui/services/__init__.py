"""Use cases: what a window, a command line or a script can ask for. Never Qt.

Each long one is a job, ``job(library, tools, request, control) -> report``, that composes the rooms
below; see `facegui.domain.control` for how a job reports and stops.
"""
