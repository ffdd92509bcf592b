"""Removes what a removed stack left, as an operator does: by the SDK, and by what the stack remembers of its resources.

Reads {"region": ..., "resources": [[type, physical id], ...]} from stdin, and fails for a type that it does not know.
"""

import json
import sys

import boto3

asked = json.load(sys.stdin)
clients = {}


def client(service):
    return clients.setdefault(service, boto3.client(service, region_name=asked["region"]))


def remove_bucket(name):
    bucket = boto3.resource("s3", region_name=asked["region"]).Bucket(name)
    bucket.object_versions.delete()
    bucket.delete()


REMOVE = {
    "AWS::KMS::Alias": lambda id: client("kms").delete_alias(AliasName=id),
    "AWS::KMS::Key": lambda id: client("kms").schedule_key_deletion(KeyId=id, PendingWindowInDays=7),
    "AWS::Logs::LogGroup": lambda id: client("logs").delete_log_group(logGroupName=id),
    "AWS::S3::Bucket": remove_bucket,
    "AWS::SQS::Queue": lambda id: client("sqs").delete_queue(QueueUrl=id),
    "AWS::SSM::Parameter": lambda id: client("ssm").delete_parameter(Name=id),
}

# What reads another leftover goes before it: an alias before its key.
for kind, physical_id in sorted(asked["resources"]):
    REMOVE[kind](physical_id)
    print(f"removed {kind} {physical_id}")
