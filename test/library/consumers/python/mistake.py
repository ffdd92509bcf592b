"""What a Python program sees of an error: its message."""

from aws_cdk import App, Stack
from stampkit import AlarmTopic

try:
    AlarmTopic(Stack(App(), "Shop"), "Topic", subscriptions=["on-call@example.com"])
except Exception as error:
    print(error)
else:
    raise SystemExit("a subscription without a protocol was taken")
