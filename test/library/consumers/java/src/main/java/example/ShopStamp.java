package example;

import io.stampkit.AuroraEngine;
import io.stampkit.BackupLock;
import io.stampkit.BackupSchedule;
import io.stampkit.RestoreTestSchedule;
import io.stampkit.Stamp;
import io.stampkit.StampAuroraOptions;
import io.stampkit.StampBackupOptions;
import io.stampkit.StampComputeOptions;
import io.stampkit.StampDependencyOptions;
import io.stampkit.StampEdgeOptions;
import io.stampkit.StampHealthOptions;
import io.stampkit.StampWorkerOptions;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.certificatemanager.Certificate;
import software.amazon.awscdk.services.certificatemanager.CertificateValidation;
import software.amazon.awscdk.services.ec2.IpAddresses;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SubnetConfiguration;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.route53.PublicHostedZone;

/** One stamp in a network, zone and certificate of the app's own: what stamp.ts says, in Java. */
public final class ShopStamp {
    private ShopStamp() {}

    public static void main(String[] args) {
        App app = App.Builder.create().analyticsReporting(false).build();
        Environment environment = Environment.builder().account("111111111111").region("us-east-1").build();
        Stack stack = new Stack(app, "Shop", StackProps.builder().env(environment).build());

        Vpc vpc = Vpc.Builder.create(stack, "Vpc")
            .ipAddresses(IpAddresses.cidr("10.20.0.0/20"))
            .availabilityZones(List.of("us-east-1a", "us-east-1b", "us-east-1c"))
            .subnetConfiguration(List.of(
                subnets("public", SubnetType.PUBLIC),
                subnets("private", SubnetType.PRIVATE_WITH_EGRESS),
                subnets("isolated", SubnetType.PRIVATE_ISOLATED)))
            .build();
        PublicHostedZone hostedZone = PublicHostedZone.Builder.create(stack, "Zone").zoneName("shop.example.com").build();
        Certificate certificate = Certificate.Builder.create(stack, "Certificate")
            .domainName("*.shop.example.com")
            .subjectAlternativeNames(List.of("enterprise.shop.example.com", "*.enterprise.shop.example.com"))
            .validation(CertificateValidation.fromDns(hostedZone))
            .build();

        Stamp stamp = Stamp.Builder.create(stack, "Stamp")
            .fleet("shop")
            .group("enterprise")
            .regionCode("use1")
            .hostedZone(hostedZone)
            .vpc(vpc)
            .edge(StampEdgeOptions.builder().certificate(certificate).rateLimitPer5Min(3000).build())
            .compute(StampComputeOptions.builder()
                .image("111111111111.dkr.ecr.us-east-1.amazonaws.com/shop/web:1.4.2")
                .cpu(512)
                .memoryMiB(1024)
                .port(8080)
                .healthPath("/healthz")
                .minTasks(6)
                .maxTasks(12)
                .requestsPerTargetPerMinute(3000)
                .stopTimeout(Duration.seconds(90))
                .environment(Map.of("LOG_LEVEL", "info"))
                .build())
            .worker(StampWorkerOptions.builder()
                .image("111111111111.dkr.ecr.us-east-1.amazonaws.com/shop/worker:1.4.2")
                .cpu(256)
                .memoryMiB(512)
                .minTasks(2)
                .maxTasks(10)
                .backlogPerTask(30)
                .maxLatency(Duration.minutes(5))
                .visibilityTimeout(Duration.minutes(2))
                .build())
            .aurora(StampAuroraOptions.builder()
                .engine(AuroraEngine.AURORA_POSTGRESQL)
                .engineVersion("16.8")
                .databaseName("shop")
                .home(true)
                .joinGlobalCluster(false)
                .minAcu(2)
                .maxAcu(16)
                .build())
            .backup(StampBackupOptions.builder()
                .schedule(BackupSchedule.HOURLY)
                .retention(Duration.days(35))
                .vaultLock(BackupLock.GOVERNANCE)
                .restoreTest(RestoreTestSchedule.WEEKLY)
                .maxRecoveryPointAge(Duration.hours(3))
                .build())
            .health(StampHealthOptions.builder()
                .standbyServesReads(false)
                .dependencies(List.of(StampDependencyOptions.builder()
                    .name("payments")
                    .url("https://payments.example.com/health")
                    .shared(true)
                    .build()))
                .build())
            .build();
        stamp.getCompute().getConnections().allowToAnyIpv4(Port.tcp(443), "Payments");

        app.synth();
    }

    private static SubnetConfiguration subnets(String name, SubnetType type) {
        return SubnetConfiguration.builder().name(name).subnetType(type).build();
    }
}
