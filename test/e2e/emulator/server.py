"""moto as an HTTP server, with what its CloudFormation lacks for our stacks.

moto implements the services' own APIs far more completely than the CloudFormation resources on top of them. Each addition here
passes a resource's properties on to moto's implementation of the API that CloudFormation would call; nothing is made up.

- AWS::Route53::HealthCheck: children, thresholds, inversion, SNI and Regions are passed on (moto drops them)
- AWS::Route53::RecordSet: records of one name are told apart by their SetIdentifier
- AWS::S3::BucketPolicy, AWS::SQS::QueuePolicy, AWS::CertificateManager::Certificate, AWS::ApplicationAutoScaling::ScalableTarget,
  AWS::CloudWatch::CompositeAlarm, AWS::SecretsManager::Secret
- custom resources answer at once, because moto runs functions in Docker only; what they were asked is written to the file that
  EMULATOR_CUSTOM names
- DeletionPolicy RetainExceptOnCreate keeps a resource when its stack goes, like Retain; both keep one that an update removes; what an
  update has removed, a later one can make again
- change sets belong to their stack, carry its tags, and fail the stack when they fail
- UpdateTerminationProtection, and DeleteStack refuses while it is on
- buckets block public access, and route tables go with their stack
- health checks have reports from three Regions, from the second time that somebody asks: a new check has no data
- requests are answered one at a time, and the server ends when its stdin does
- a resource whose type is still unknown is stood in for, and its type is written to the file that EMULATOR_SKIPPED names
"""

import json
import os
import sys
import threading
import traceback
from typing import Any, Callable

from moto.acm.models import acm_backends
from moto.applicationautoscaling.models import applicationautoscaling_backends
from moto.awslambda.utils import get_backend as get_lambda_backend
from moto.cloudformation import models as cloudformation
from moto.cloudformation import parsing
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.responses import CloudFormationResponse
from moto.cloudwatch.models import cloudwatch_backends
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.ec2.models.elastic_ip_addresses import ElasticAddress
from moto.ec2.models import ec2_backends
from moto.ec2.models.route_tables import RouteTable
from moto.elbv2.models import FakeLoadBalancer, FakeTargetGroup
from moto.iam.access_control import PermissionResult
from moto.route53 import models as route53
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.route53.responses import Route53
from moto.s3.models import FakeBucket, s3_backends
from moto.secretsmanager import secretsmanager_backends
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


zone_id = route53.create_route53_zone_id
# Every id in Route 53 starts with this letter; in moto, only some do.
route53.create_route53_zone_id = lambda *args, **kwargs: f"Z{zone_id(*args, **kwargs)[1:]}"


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

# -- attributes that moto does not offer to CloudFormation ----------------------------------------------------------------



def offer(model, attributes: dict[str, Callable[[Any], Any]]) -> None:
    """Adds attributes for Fn::GetAtt."""
    has, get = model.has_cfn_attr, getattr(model, "get_cfn_attribute", None)
    model.has_cfn_attr = classmethod(lambda cls, attr: attr in attributes or has(attr))
    model.get_cfn_attribute = lambda self, name: attributes[name](self) if name in attributes else get(self, name)


offer(ElasticAddress, {"PublicIp": lambda address: address.public_ip})
offer(route53.HealthCheck, {"HealthCheckId": lambda check: check.id})
offer(
    FakeTargetGroup,
    {
        "TargetGroupArn": lambda group: group.arn,
        "TargetGroupFullName": lambda group: group.arn.split(":")[-1],
        "TargetGroupName": lambda group: group.name,
    },
)
offer(
    FakeLoadBalancer,
    {
        "CanonicalHostedZoneID": lambda balancer: balancer.canonical_hosted_zone_id,
        "LoadBalancerFullName": lambda balancer: balancer.arn.split(":loadbalancer/")[-1],
    },
)

# -- resource types that CloudFormation in moto does not know, and whose API moto has ------------------------------------


class Added:
    """A resource that hands its properties to a service; `apply` says how and returns the physical id.

    Not a subclass of moto's CloudFormationModel, whose metaclass only admits modules of moto.
    """

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
    def has_cfn_attr(cls, attr: str) -> bool:
        return False

    def get_cfn_attribute(self, attribute_name: str) -> str:
        raise NotImplementedError(f"{self.TYPE} has no attribute {attribute_name}")

    def is_created(self) -> bool:
        return True

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


# moto judges a bucket's policy without its conditions, so that "deny unless TLS" denies everything: policies are kept and not judged.
FakeBucket.get_permission = lambda self, action, resource: PermissionResult.NEUTRAL


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


class Secret(Added):
    TYPE = "AWS::SecretsManager::Secret"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        properties = cloudformation_json["Properties"]
        name = properties.get("Name", resource_name)
        return cls(cls.make(name, properties, secretsmanager_backends[account_id][region_name]), properties)

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
    ):
        # A new value would lock everybody out: only a resource that is made gets one.
        return cls(original_resource.physical_id, cloudformation_json["Properties"])

    @staticmethod
    def make(name: str, properties: dict[str, Any], backend) -> str:
        value = properties.get("SecretString")
        generate = properties.get("GenerateSecretString")
        if generate is not None:
            password = backend.get_random_password(
                password_length=int(generate.get("PasswordLength", 32)),
                exclude_characters=generate.get("ExcludeCharacters", ""),
                exclude_numbers=False,
                exclude_punctuation=False,
                exclude_uppercase=False,
                exclude_lowercase=False,
                include_space=False,
                require_each_included_type=True,
            )
            password = json.loads(password)["RandomPassword"] if password.startswith("{") else password
            template = json.loads(generate.get("SecretStringTemplate", "{}"))
            value = json.dumps({**template, generate["GenerateStringKey"]: password})
        made = backend.create_secret(
            name=name,
            secret_string=value,
            secret_binary=None,
            description=properties.get("Description"),
            tags=properties.get("Tags"),
            kms_key_id=properties.get("KmsKeyId"),
            client_request_token=None,
            replica_regions=[],
            force_overwrite=False,
        )
        return json.loads(made)["ARN"]

    def delete(self, account_id: str, region: str) -> None:
        secretsmanager_backends[account_id][region].delete_secret(self.physical_id, None, True)


class CompositeAlarm(Added):
    """moto does not judge the rule: an alarm has the state that SetAlarmState gave it, and OK before."""

    TYPE = "AWS::CloudWatch::CompositeAlarm"

    def __init__(self, physical_id: str, properties: dict[str, Any]):
        super().__init__(physical_id, properties)
        self.alarm_arn = ""

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr == "Arn"

    def get_cfn_attribute(self, attribute_name: str) -> str:
        return self.alarm_arn

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        properties = cloudformation_json["Properties"]
        made = cls(properties.get("AlarmName", resource_name), properties)
        alarm = cloudwatch_backends[account_id][region_name].put_metric_alarm(
            name=made.physical_id,
            namespace=None,
            metric_name=None,
            comparison_operator=None,
            evaluation_periods=None,
            period=None,
            threshold=None,
            statistic=None,
            description=properties.get("AlarmDescription"),
            dimensions=[],
            alarm_actions=properties.get("AlarmActions", []),
            ok_actions=properties.get("OKActions", []),
            rule=properties["AlarmRule"],
        )
        made.alarm_arn = alarm.alarm_arn
        return made

    def delete(self, account_id: str, region: str) -> None:
        cloudwatch_backends[account_id][region].delete_alarms([self.physical_id])


# -- custom resources ---------------------------------------------------------------------------------------------------

custom_file = os.environ.get("EMULATOR_CUSTOM")


class AnsweredCustom:
    """Answers as the function behind it does when all goes well, and keeps its identity in updates, so that a replacement is seen."""

    ANSWER = {"Outcome": "changed"}

    def __init__(self, region_name: str, logical_id: str, resource_name: str, stack_id: str, properties: dict[str, Any]):
        self.region_name = region_name
        self.logical_id = logical_id
        self.physical_resource_id = resource_name
        self.stack_id = stack_id
        self.properties = properties

    @staticmethod
    def cloudformation_name_type() -> str:
        return ""

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr in cls.ANSWER

    def get_cfn_attribute(self, attribute_name: str) -> str:
        return self.ANSWER[attribute_name]

    def is_created(self) -> bool:
        return True

    def asked(self, request: str) -> "AnsweredCustom":
        if custom_file:
            with open(custom_file, "a", encoding="utf8") as file:
                file.write(f"{request} {self.stack_id.split('/')[1]} {self.logical_id}\n")
        return self

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        properties = cloudformation_json["Properties"]
        # A token that leads to no function fails here.
        get_lambda_backend(account_id, region_name).get_function(properties["ServiceToken"])
        made = cls(region_name, kwargs["LogicalId"], resource_name, kwargs["StackId"], properties)
        return made.asked("Create")

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
    ):
        properties = cloudformation_json["Properties"]
        before = original_resource
        made = cls(region_name, before.logical_id, before.physical_resource_id, before.stack_id, properties)
        return made.asked("Update")

    def delete(self, account_id: str, region: str) -> None:
        self.asked("Delete")


known = parsing.get_model_list()
parsing.get_model_list = lambda: [*known, *Added.__subclasses__()]
by_type = {model.cloudformation_type(): model for model in known + Added.__subclasses__()}
# moto makes instances of its own kind only, not members of an Aurora cluster, which it does not know either.
for member_of_cluster in ("AWS::RDS::DBInstance", "AWS::RDS::DBParameterGroup"):
    del by_type[member_of_cluster]
parsing.get_model_map = lambda: by_type

# -- resource types that nothing here knows -------------------------------------------------------------------------------


class Skipped:
    """Stands for a resource that was not made, so that the resources that refer to it can be."""

    TYPE = ""

    def __init__(self, name: str, properties: dict[str, Any], account_id: str, region: str):
        self.physical_resource_id = name
        self.properties = properties
        self.account_id = account_id
        self.region = region

    @staticmethod
    def cloudformation_name_type() -> str:
        return ""

    @classmethod
    def cloudformation_type(cls) -> str:
        return cls.TYPE

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return True

    def get_cfn_attribute(self, attribute_name: str) -> str:
        if attribute_name in ("Endpoint.Address", "ReadEndpoint.Address"):
            cluster = self.properties.get("DBClusterIdentifier", self.physical_resource_id)
            kind = "cluster" if attribute_name == "Endpoint.Address" else "cluster-ro"
            return f"{cluster}.{kind}-emulator.{self.region}.rds.amazonaws.com"
        if attribute_name.endswith("Port"):
            return "5432"
        name = self.physical_resource_id
        return f"arn:aws:skipped:{self.region}:{self.account_id}:{self.TYPE}/{name}/{attribute_name}"

    def is_created(self) -> bool:
        return True

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        return cls(resource_name, cloudformation_json.get("Properties", {}), account_id, region_name)

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
    ):
        return cls.create_from_cloudformation_json(
            original_resource.physical_resource_id, cloudformation_json, account_id, region_name
        )

    def delete(self, account_id: str, region: str) -> None:
        """Nothing was made."""


skipped_file = os.environ.get("EMULATOR_SKIPPED")
class_from_type = parsing.resource_class_from_type
class_lock = threading.Lock()


def class_or_stand_in(resource_type: str):
    if resource_type.startswith("Custom::"):
        return AnsweredCustom
    found = class_from_type(resource_type) if resource_type in by_type else None
    if found is not None or resource_type in parsing.NULL_MODELS:
        return found or class_from_type(resource_type)
    with class_lock:
        if resource_type not in by_type:
            by_type[resource_type] = type("Skipped", (Skipped,), {"TYPE": resource_type})
            if skipped_file:
                with open(skipped_file, "a", encoding="utf8") as file:
                    file.write(f"{resource_type}\n")
    return by_type[resource_type]


parsing.resource_class_from_type = class_or_stand_in

# -- properties and removals that moto's CloudFormation leaves out ---------------------------------------------------------

create_bucket = FakeBucket.create_from_cloudformation_json.__func__


def create_blocked_bucket(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
    bucket = create_bucket(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs)
    block = cloudformation_json.get("Properties", {}).get("PublicAccessBlockConfiguration")
    if block:
        s3_backends[account_id][get_partition(region_name)].put_public_access_block(resource_name, block)
    return bucket


def delete_route_table(self, account_id: str, region: str) -> None:
    # The associations are resources of the same stack, and moto does not remove them either.
    self._associations.clear()
    ec2_backends[account_id][region].delete_route_table(self.id)


FakeBucket.create_from_cloudformation_json = classmethod(create_blocked_bucket)
RouteTable.delete = delete_route_table

# -- CloudFormation itself ----------------------------------------------------------------------------------------------

delete_resources = parsing.ResourceMap.delete


def delete_unless_retained(self) -> None:
    for resource in self._resource_json_map.values():
        if resource.get("DeletionPolicy") == "RetainExceptOnCreate":
            resource["DeletionPolicy"] = "Retain"
    known = dict(self._parsed_resources)
    delete_resources(self)
    # A stack that is gone can still be asked for its resources, and moto makes again what it does not find here.
    self._parsed_resources = known


parsing.ResourceMap.delete = delete_unless_retained
update_resources = parsing.ResourceMap.update
delete_resource = parsing.ResourceMap._delete_resource


def update_and_forget(self, template: dict[str, Any], parameters: dict[str, Any] | None = None) -> None:
    """moto remembers what an update removed, and takes it for made when a later update adds it again."""
    before = set(self._resource_json_map)
    update_resources(self, template, parameters)
    for removed in before - set(template["Resources"]):
        self._parsed_resources.pop(removed, None)


def delete_resource_unless_retained(self, resource: Any, resource_json: dict[str, Any]) -> None:
    if not str(resource_json.get("DeletionPolicy", "Delete")).startswith("Retain"):
        delete_resource(self, resource, resource_json)


parsing.ResourceMap.update = update_and_forget
parsing.ResourceMap._delete_resource = delete_resource_unless_retained


class ChangeSetNotFound(ValidationError):
    code = "ChangeSetNotFound"


def names_its_stack(action: str):
    """moto finds a change set by its name alone, and the CDK gives every stack's change set the same name."""
    original = getattr(CloudFormationResponse, action)

    def with_id(self):
        name, stack = self._get_param("ChangeSetName"), self._get_param("StackName")
        backend = self.cloudformation_backend
        found = [
            change_set.change_set_id
            for change_set in backend.change_sets.values()
            if name in (change_set.change_set_name, change_set.change_set_id)
            and stack in (None, change_set.stack_name, change_set.stack_id)
            and change_set.stack_id in backend.stacks
        ]
        name = found[-1] if found else name
        if not found:
            if action == "delete_change_set":
                return EmptyResult()
            raise ChangeSetNotFound(message=f"ChangeSet [{name}] does not exist")
        get_param = self._get_param
        self._get_param = lambda key, *rest: name if key == "ChangeSetName" else get_param(key, *rest)
        try:
            return original(self)
        finally:
            del self._get_param

    setattr(CloudFormationResponse, action, with_id)


for action in ("describe_change_set", "execute_change_set", "delete_change_set"):
    names_its_stack(action)

parse_yaml = cloudformation.Stack.parse_template


def parse_template(template: str) -> dict[str, Any]:
    """The CDK sends JSON, and to read that as YAML takes moto seconds."""
    try:
        return json.loads(template)
    except ValueError:
        return parse_yaml(template)


def parse_change_set(self) -> None:
    self.template_dict = parse_template(self.template)


cloudformation.Stack.parse_template = staticmethod(parse_template)
cloudformation.ChangeSet._parse_template = parse_change_set
create_change_set = cloudformation.CloudFormationBackend.create_change_set
new_stack_id = cloudformation.generate_stack_id


def create_on_same_stack(self, stack_name, *args, **kwargs):
    """A stack that has never been more than under review stays the same stack when it gets its next change set."""
    known = [stack for stack in self.stacks.values() if stack.name == stack_name and stack.status == "REVIEW_IN_PROGRESS"]
    for stack in known if kwargs.get("change_set_type") == "CREATE" else []:
        del self.stacks[stack.stack_id]
        cloudformation.generate_stack_id = lambda *_, stack_id=stack.stack_id: stack_id
    try:
        return create_change_set(self, stack_name, *args, **kwargs)
    finally:
        cloudformation.generate_stack_id = new_stack_id


cloudformation.CloudFormationBackend.create_change_set = create_on_same_stack
execute_change_set = cloudformation.CloudFormationBackend.execute_change_set


def execute_with_tags(self, change_set_name, stack_name=None):
    change_set = self.describe_change_set(change_set_name)
    try:
        execute_change_set(self, change_set_name, stack_name)
    except Exception as error:
        # moto answers 500, which the CDK takes for a reason to ask again, and leaves the stack as if all was well.
        traceback.print_exc()
        self.stacks[change_set.stack_id].status = f"{change_set.change_set_type}_FAILED"
        self.stacks[change_set.stack_id].status_reason = repr(error)
        return
    if change_set.tags is not None:
        self.stacks[change_set.stack_id].tags = change_set.tags


cloudformation.CloudFormationBackend.execute_change_set = execute_with_tags


def given_parameters(self) -> dict[str, Any]:
    """What was given, not what it was resolved to: the name of an SSM parameter, not its value."""
    known = parse_template(self.template).get("Parameters", {}) if self.template else {}
    return {name: self.parameters.get(name, parameter.get("Default")) for name, parameter in known.items()}


cloudformation.Stack.stack_parameters = property(given_parameters)
cloudformation.Stack.has_parameters = lambda self, other: {**given_parameters(self), **other} == given_parameters(self)


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

# Three Regions, as Route 53 has at least, so that a deployment that waits for checks sees data.
CHECKERS = (("us-east-1", "15.177.2.10"), ("eu-west-1", "15.177.10.10"), ("ap-southeast-2", "15.177.18.10"))


seen_checks: set[str] = set()


def health_check_status(self):
    check = self.backend.get_health_check(self._get_param("HealthCheckId"))
    if check.id not in seen_checks:
        seen_checks.add(check.id)
        return ActionResult({"HealthCheckObservations": []})
    report = {"Status": "Success: HTTP Status Code 200, OK", "CheckedTime": utcnow()}
    observations = [{"Region": region, "IPAddress": ip, "StatusReport": report} for region, ip in CHECKERS]
    return ActionResult({"HealthCheckObservations": observations})


Route53.get_health_check_status = health_check_status

# -- the server -----------------------------------------------------------------------------------------------------------

handle = DomainDispatcherApplication.__call__
one_at_a_time = threading.Lock()


def handle_alone(self, environ, start_response):
    """moto's backends are plain dictionaries, which threads of several deployments would change under each other."""
    with one_at_a_time:
        return [b"".join(handle(self, environ, start_response))]


DomainDispatcherApplication.__call__ = handle_alone



def end_with_parent() -> None:
    """Whoever started this holds the other end of stdin: when that goes, however it went, so does the server."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, daemon=True).start()
    main(sys.argv[1:])
