"""Messente, an SMS gateway that serves the Baltic states. Knows nothing of ours.

    client      Messente: send an SMS, ask for its state, read the blacklist
    answers     what an answer of the gateway means
    callbacks   what the gateway posts to us: delivery reports and SMS that people write
    sandbox     a gateway to try all this against

The facts are from the gateway's public documentation (messente.com/documentation: omnichannel-api,
its pages "API reference", "SMS message", "Delivery report" and "Inbound messages"; phonebook-api,
its page "Blacklist"; faq, its page "Delivery status and error codes"; api-setup, its page
"Security") and from the models of its official Python client (messente/messente-api-python).
"""
