"""What the owner decides about copies: which one to keep, and what is no copy at all."""

from __future__ import annotations

from collections.abc import Iterable

from facegui.domain.entities import Decision
from facegui.domain.queries import Change
from facegui.domain.text import tr, trn
from facegui.storage import copies
from facegui.storage.people_steps import PeopleSteps
from facegui.storage.rows import all_ids, ids_parameter

_REJECTED = (
    "SELECT id FROM faces WHERE photo_id IN (SELECT value FROM json_each(?)) "
    "AND decision = 'reject' ORDER BY id"
)


class CopySteps(PeopleSteps):
    """The owner's steps on groups of copies."""

    def prefer_photo(self, photo_id: int) -> Change:
        """Makes a photo the keeper among its copies."""
        return self.keep_photos([photo_id], (), tr("Choose the copy to keep"))

    def keep_photos(
        self, photo_ids: Iterable[int], reject_faces: Iterable[int], label: str
    ) -> Change:
        """Makes photos the keepers among their copies, and rejects faces of others, in one step.

        A photo that becomes the keeper by this is wanted: faces in it that were rejected, as those
        of a mere copy are, are left to the rules again.
        """
        chosen = set(photo_ids)
        with self._step(label) as step:
            found = copies.groups(step.connection, chosen)
            members = {group.keeper_id: {m.photo_id for m in group.members} for group in found}
            touched = {keeper: ids for keeper, ids in members.items() if ids & chosen}
            together = set().union(*touched.values())
            new = chosen & together - touched.keys()
            step.update("photos", together - chosen, {"preferred": 0})
            step.update("photos", chosen, {"preferred": 1})
            again = all_ids(step.connection, _REJECTED, (ids_parameter(new),))
            step.update("faces", again, {"decision": Decision.UNDECIDED.value})
            step.update("faces", reject_faces, {"decision": Decision.REJECT.value})
        return step.change

    def set_apart(self, pairs: Iterable[tuple[int, int]]) -> Change:
        """Says for good that the photos of each pair are not copies of each other.

        No group holds two such photos from then on, whatever the distance and however often they
        are scanned. Either photo of a pair may come first.
        """
        wanted = {(min(pair), max(pair)) for pair in pairs}
        apart = {photo_id for pair in wanted for photo_id in pair}
        label = trn("{n} photo is no duplicate", "{n} photos are no duplicates", len(apart))
        with self._step(label) as step:
            for one, other in sorted(wanted - copies.apart(step.connection)):
                step.insert("apart", {"one_id": one, "other_id": other})
        return step.change
