"""One stamp in a network, zone and certificate of the app's own: what stamp.ts says, in Python."""

from aws_cdk import App, Duration, Environment, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_route53 as route53
from stampkit import (
    AuroraEngine,
    BackupLock,
    BackupSchedule,
    RestoreTestSchedule,
    Stamp,
    StampAuroraOptions,
    StampBackupOptions,
    StampComputeOptions,
    StampDependencyOptions,
    StampEdgeOptions,
    StampHealthOptions,
    StampWorkerOptions,
)

app = App(analytics_reporting=False)
stack = Stack(app, "Shop", env=Environment(account="111111111111", region="us-east-1"))

vpc = ec2.Vpc(
    stack,
    "Vpc",
    ip_addresses=ec2.IpAddresses.cidr("10.20.0.0/20"),
    availability_zones=["us-east-1a", "us-east-1b", "us-east-1c"],
    subnet_configuration=[
        ec2.SubnetConfiguration(name="public", subnet_type=ec2.SubnetType.PUBLIC),
        ec2.SubnetConfiguration(name="private", subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
        ec2.SubnetConfiguration(name="isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
    ],
)
hosted_zone = route53.PublicHostedZone(stack, "Zone", zone_name="shop.example.com")
certificate = acm.Certificate(
    stack,
    "Certificate",
    domain_name="*.shop.example.com",
    subject_alternative_names=["enterprise.shop.example.com", "*.enterprise.shop.example.com"],
    validation=acm.CertificateValidation.from_dns(hosted_zone),
)

stamp = Stamp(
    stack,
    "Stamp",
    fleet="shop",
    group="enterprise",
    region_code="use1",
    hosted_zone=hosted_zone,
    vpc=vpc,
    edge=StampEdgeOptions(certificate=certificate, rate_limit_per5_min=3000),
    compute=StampComputeOptions(
        image="111111111111.dkr.ecr.us-east-1.amazonaws.com/shop/web:1.4.2",
        cpu=512,
        memory_mib=1024,
        port=8080,
        health_path="/healthz",
        min_tasks=6,
        max_tasks=12,
        requests_per_target_per_minute=3000,
        stop_timeout=Duration.seconds(90),
        environment={"LOG_LEVEL": "info"},
    ),
    worker=StampWorkerOptions(
        image="111111111111.dkr.ecr.us-east-1.amazonaws.com/shop/worker:1.4.2",
        cpu=256,
        memory_mib=512,
        min_tasks=2,
        max_tasks=10,
        backlog_per_task=30,
        max_latency=Duration.minutes(5),
        visibility_timeout=Duration.minutes(2),
    ),
    aurora=StampAuroraOptions(
        engine=AuroraEngine.AURORA_POSTGRESQL,
        engine_version="16.8",
        database_name="shop",
        home=True,
        join_global_cluster=False,
        min_acu=2,
        max_acu=16,
    ),
    backup=StampBackupOptions(
        schedule=BackupSchedule.HOURLY,
        retention=Duration.days(35),
        vault_lock=BackupLock.GOVERNANCE,
        restore_test=RestoreTestSchedule.WEEKLY,
        max_recovery_point_age=Duration.hours(3),
    ),
    health=StampHealthOptions(
        standby_serves_reads=False,
        dependencies=[
            StampDependencyOptions(name="payments", url="https://payments.example.com/health", shared=True)
        ],
    ),
)
stamp.compute.connections.allow_to_any_ipv4(ec2.Port.tcp(443), "Payments")

app.synth()
