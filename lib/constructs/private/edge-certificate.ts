import { Token, aws_certificatemanager as acm } from 'aws-cdk-lib';
import type { aws_route53 as route53 } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { StampError } from '../../errors';

export interface EdgeCertificateProps {
  readonly certificate?: acm.ICertificate;
  readonly certificateNames?: readonly string[];
  readonly certificateValidationNames?: readonly string[];
  readonly hostedZone: route53.IHostedZone;
  readonly recordName: string;
}

/**
 * The given certificate, or one made for the names and validated in the hosted zone.
 *
 * @throws StampError `CERTIFICATE_REQUIRED`, `CERTIFICATE_GIVEN_TWICE`, `VALIDATION_NAMES_REQUIRED`, `VALIDATION_NAME_UNKNOWN`
 */
export function edgeCertificate(scope: Construct, props: EdgeCertificateProps): acm.ICertificate {
  const names = props.certificateNames ?? [];
  const [domainName, ...subjectAlternativeNames] = names;
  if (props.certificate !== undefined) {
    if (names.length > 0) {
      throw new StampError('CERTIFICATE_GIVEN_TWICE', 'both certificate and certificateNames are given', 'Give one of them');
    }
    return props.certificate;
  }
  if (domainName === undefined) {
    throw new StampError(
      'CERTIFICATE_REQUIRED',
      'the listener needs a certificate',
      'Give certificate, or certificateNames to have one made and validated in the hosted zone',
    );
  }
  const validated = props.certificateValidationNames ?? namesToValidate(names);
  const unknown = validated.find((name) => !Token.isUnresolved(name) && !names.includes(name));
  if (unknown !== undefined) {
    throw new StampError(
      'VALIDATION_NAME_UNKNOWN',
      `'${unknown}' is not among certificateNames`,
      'Validate only names of the certificate',
    );
  }
  return new acm.Certificate(scope, 'Certificate', {
    domainName,
    subjectAlternativeNames,
    // The Name tag; by default it is the construct path, which differs between a stamp and its shape (design 11).
    certificateName: props.recordName,
    validation: acm.CertificateValidation.fromDnsMultiZone(Object.fromEntries(validated.map((name) => [name, props.hostedZone]))),
  });
}

/**
 * `*.a` and `a` are validated by one and the same record, which CloudFormation must not be told to make twice. Which name is
 * a wildcard of another cannot be seen in tokens, so there the caller says it.
 */
function namesToValidate(names: readonly string[]): readonly string[] {
  if (names.length > 1 && names.some((name) => Token.isUnresolved(name))) {
    throw new StampError(
      'VALIDATION_NAMES_REQUIRED',
      'certificateNames are tokens, so it cannot be seen which of them share a validation record',
      'Give certificateValidationNames: the names without the wildcards of other names',
    );
  }
  return names.filter((name) => !name.startsWith('*.') || !names.includes(name.slice(2)));
}
