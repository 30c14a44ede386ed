"""Messages go outside beside the pages."""

from __future__ import annotations

from tidu.apps.jobs.domain.kinds import job_kind
from tidu.apps.jobs.domain.running import Work
from tidu.apps.messages.domain.delivering import deliver, is_due, spread


@job_kind("messages.deliver", "外发消息", due=is_due)
def deliver_messages(work: Work) -> None:
    """Send what is due, in parts, until nothing is; a failed one waits for its next hour."""
    spread(work.clock())
    sent = failed = 0
    while any(found := deliver(work.clock)):
        sent, failed = sent + found[0], failed + found[1]
        work.tell("发送", sent, sent + failed)
    with work.commit() as result:
        result.update(sent=sent, failed=failed)
