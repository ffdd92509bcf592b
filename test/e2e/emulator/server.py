"""moto as an HTTP server, with what its CloudFormation lacks for our stacks.

moto implements the services' own APIs far more completely than the CloudFormation resources on top of them. Each addition here
passes a resource's properties on to moto's implementation of the API that CloudFormation would call; nothing is made up.

- AWS::Route53::HealthCheck: children, thresholds, inversion, SNI and Regions are passed on (moto drops them)
- AWS::Route53::RecordSet: records of one name are told apart by their SetIdentifier
- AWS::S3::BucketPolicy, AWS::SQS::QueuePolicy, AWS::CertificateManager::Certificate, AWS::ApplicationAutoScaling::ScalableTarget
- DeletionPolicy RetainExceptOnCreate keeps a resource when its stack goes, like Retain
- UpdateTerminationProtection, and DeleteStack refuses while it is on
- resources whose type is unknown are listed, one a line, in the file named by EMULATOR_SKIPPED
"""

import json
import os
import sys
from typing import Any

from moto.acm.models import acm_backends
from moto.applicationautoscaling.models import applicationautoscaling_backends
from moto.cloudformation import models as cloudformation
from moto.cloudformation import parsing
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.common_models import CloudFormationModel
from moto.core.responses import EmptyResult
from moto.route53 import models as route53
from moto.s3.models import s3_backends
from moto.server import main
from moto.sqs.models import sqs_backends
from moto.utilities.utils import get_partition

# -- Route 53 ---------------------------------------------------------------------------------------------------------


def health_check_arguments(config: dict[str, Any]) -> dict[str, Any]:
    return {
        "ip_address": config.get("IPAddress"),
        "port": config.get("Port"),
        "type": config["Type"],
        "resource_path": config.get("ResourcePath"),
        "fqdn": config.get("FullyQualifiedDomainName"),
        "search_string": config.get("SearchString"),
        "request_interval": config.get("RequestInterval"),
        "failure_threshold": config.get("FailureThreshold"),
        "health_threshold": config.get("HealthThreshold"),
        "measure_latency": config.get("MeasureLatency"),
        "inverted": config.get("Inverted"),
        "disabled": config.get("Disabled"),
        "enable_sni": config.get("EnableSNI"),
        "children": config.get("ChildHealthChecks", []),
        "regions": config.get("Regions", []),
    }


def create_health_check(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
    backend = route53.route53_backends[account_id][get_partition(region_name)]
    config = cloudformation_json["Properties"]["HealthCheckConfig"]
    return backend.create_health_check(caller_reference=resource_name, health_check_args=health_check_arguments(config))


def update_health_check(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
    backend = route53.route53_backends[account_id][get_partition(region_name)]
    config = cloudformation_json["Properties"]["HealthCheckConfig"]
    return backend.update_health_check(original_resource.id, health_check_arguments(config))


def delete_health_check(self, account_id, region):
    route53.route53_backends[account_id][get_partition(region)].delete_health_check(self.id)


route53.HealthCheck.create_from_cloudformation_json = classmethod(create_health_check)
route53.HealthCheck.update_from_cloudformation_json = classmethod(update_health_check)
route53.HealthCheck.delete = delete_health_check


def zone_of(properties: dict[str, Any], account_id: str, region: str):
    return route53.route53_backends[account_id][get_partition(region)].get_hosted_zone(properties["HostedZoneId"])


def same_record(record, other) -> bool:
    return (record.name, record.type, record.set_identifier) == (other.name, other.type, other.set_identifier)


def delete_record(self, account_id, region):
    zone = zone_of({"HostedZoneId": self.hosted_zone_id}, account_id, region)
    zone.rrsets = [record for record in zone.rrsets if not same_record(record, self)]


def update_record(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
    delete_record(original_resource, account_id, region_name)
    properties = cloudformation_json["Properties"]
    return zone_of(properties, account_id, region_name).add_rrset(properties)


route53.RecordSet.delete = delete_record
route53.RecordSet.update_from_cloudformation_json = classmethod(update_record)

# -- resource types that CloudFormation in moto does not know, and whose API moto has ------------------------------------


class Added(CloudFormationModel):
    """A resource that hands its properties to a service; `apply` says how and returns the physical id."""

    TYPE = ""

    def __init__(self, physical_id: str, properties: dict[str, Any]):
        self.physical_id = physical_id
        self.properties = properties

    @property
    def physical_resource_id(self) -> str:
        return self.physical_id

    @staticmethod
    def cloudformation_name_type() -> str:
        return ""

    @classmethod
    def cloudformation_type(cls) -> str:
        return cls.TYPE

    @classmethod
    def apply(cls, properties: dict[str, Any], account_id: str, region: str) -> str:
        raise NotImplementedError

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        properties = cloudformation_json["Properties"]
        return cls(cls.apply(properties, account_id, region_name) or resource_name, properties)

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
    ):
        return cls.create_from_cloudformation_json(new_resource_name, cloudformation_json, account_id, region_name)

    def delete(self, account_id: str, region: str) -> None:
        """Goes with what it belongs to."""


class BucketPolicy(Added):
    TYPE = "AWS::S3::BucketPolicy"

    @classmethod
    def apply(cls, properties, account_id, region):
        policy = json.dumps(properties["PolicyDocument"]).encode()
        s3_backends[account_id][get_partition(region)].put_bucket_policy(properties["Bucket"], policy)


class QueuePolicy(Added):
    TYPE = "AWS::SQS::QueuePolicy"

    @classmethod
    def apply(cls, properties, account_id, region):
        for url in properties["Queues"]:
            name = url.rsplit("/", 1)[-1]
            policy = json.dumps(properties["PolicyDocument"])
            sqs_backends[account_id][region].set_queue_attributes(name, {"Policy": policy})


class Certificate(Added):
    TYPE = "AWS::CertificateManager::Certificate"

    @classmethod
    def apply(cls, properties, account_id, region):
        return acm_backends[account_id][region].request_certificate(
            domain_name=properties["DomainName"],
            idempotency_token=None,
            subject_alt_names=properties.get("SubjectAlternativeNames", []),
            tags=[],
        )

    def delete(self, account_id: str, region: str) -> None:
        acm_backends[account_id][region].delete_certificate(self.physical_id)


class ScalableTarget(Added):
    TYPE = "AWS::ApplicationAutoScaling::ScalableTarget"

    @classmethod
    def apply(cls, properties, account_id, region):
        applicationautoscaling_backends[account_id][region].register_scalable_target(
            properties["ServiceNamespace"],
            properties["ResourceId"],
            properties["ScalableDimension"],
            int(properties["MinCapacity"]),
            int(properties["MaxCapacity"]),
            properties.get("RoleARN", ""),
            None,
        )
        return f"{properties['ResourceId']}|{properties['ScalableDimension']}|{properties['ServiceNamespace']}"

    def delete(self, account_id: str, region: str) -> None:
        resource, dimension, namespace = self.physical_id.split("|")
        applicationautoscaling_backends[account_id][region].deregister_scalable_target(namespace, resource, dimension)


# moto asks the direct subclasses of CloudFormationModel only.
known = parsing.get_model_list()
parsing.get_model_list = lambda: [*known, *Added.__subclasses__()]
by_type = {model.cloudformation_type(): model for model in parsing.get_model_list()}
parsing.get_model_map = lambda: by_type

# -- CloudFormation itself ----------------------------------------------------------------------------------------------

skipped_file = os.environ.get("EMULATOR_SKIPPED")
skipped: set[str] = set()
class_from_type = parsing.resource_class_from_type


def note_skipped(resource_type: str):
    found = class_from_type(resource_type)
    if found is None and skipped_file and resource_type not in skipped:
        skipped.add(resource_type)
        with open(skipped_file, "a", encoding="utf8") as file:
            file.write(f"{resource_type}\n")
    return found


parsing.resource_class_from_type = note_skipped

delete_resources = parsing.ResourceMap.delete


def delete_unless_retained(self) -> None:
    for resource in self._resource_json_map.values():
        if resource.get("DeletionPolicy") == "RetainExceptOnCreate":
            resource["DeletionPolicy"] = "Retain"
    delete_resources(self)


parsing.ResourceMap.delete = delete_unless_retained


def update_termination_protection(self):
    stack = self.cloudformation_backend.get_stack(self._get_param("StackName"))
    stack.enable_termination_protection = str(self._get_param("EnableTerminationProtection")).lower() == "true"
    return EmptyResult()


CloudFormationResponse.update_termination_protection = update_termination_protection
delete_stack = cloudformation.CloudFormationBackend.delete_stack


def delete_unprotected_stack(self, name_or_stack_id):
    stack = self.stacks.get(name_or_stack_id) or next(
        (stack for stack in self.stacks.values() if stack.name == name_or_stack_id), None
    )
    if stack is not None and stack.enable_termination_protection:
        raise ValidationError(
            message=f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled"
        )
    return delete_stack(self, name_or_stack_id)


cloudformation.CloudFormationBackend.delete_stack = delete_unprotected_stack

if __name__ == "__main__":
    main(sys.argv[1:])
