"""Bitrix24's REST interface. Knows nothing of ours; settings are read in one place, the client.

From the outside in:

    client          Bitrix24: call, batch, read, read_batch; from_settings()
    activities, workflows, contacts, counts, lists, system
                    typed calls: writing ones return a Command to be batched, reading ones answer
    incoming        what the portal's outgoing webhook posts to us
    packing, requester, transport
                    many calls in one request; one request in its turn; HTTP
    limiter, shared_limiter, pace, shared
                    how fast and how much at once, agreed between all processes through Redis
    answers, batch, commands, webhook, masking
                    reading answers, writing calls, the address, and keeping its secret
    sandbox         a portal to try all this against

What became of a call, always one of four things, is in integrations.outcomes.
"""
