"""Ways to bring a message outside. Each is off unless the configuration says where to send."""

from __future__ import annotations

from tidu.apps.messages.channels.mail import Mail
from tidu.apps.messages.channels.sms import Sms
from tidu.apps.messages.channels.ways import Channel, NotDelivered
from tidu.apps.messages.enums import ChannelName

__all__ = ["Channel", "NotDelivered", "channels", "channels_on"]


def channels() -> dict[ChannelName, Channel]:
    """All ways, on or off."""
    return {ChannelName.EMAIL: Mail(), ChannelName.SMS: Sms()}


def channels_on() -> dict[ChannelName, Channel]:
    """The ways that the configuration has switched on."""
    return {name: channel for name, channel in channels().items() if not channel.off}
