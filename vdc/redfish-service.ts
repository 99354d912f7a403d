// The Redfish service of a stand-in's BMC, as a function from request to answer (DMTF DSP0266, ComputerSystem 1.x).
import { digestOf } from '../schema/canonical.ts';
import { member } from './json-member.ts';

export const resetTypes = ['On', 'ForceOff', 'ForceRestart', 'PowerCycle', 'GracefulShutdown'] as const;
export type ResetType = (typeof resetTypes)[number];

const bootTargets = ['None', 'Pxe', 'UefiHttp', 'Hdd'] as const;
const bootEnablements = ['Disabled', 'Once', 'Continuous'] as const;

export interface BootOverride {
  readonly target: (typeof bootTargets)[number];
  readonly enabled: (typeof bootEnablements)[number];
}

export const noBootOverride: BootOverride = { target: 'None', enabled: 'Disabled' };

/** What a BMC knows of its machine. */
export interface BmcView {
  readonly serial: string;
  readonly uuid: string;
  readonly power: 'on' | 'off';
  readonly bootOverride: BootOverride;
  /** Those that this BMC offers. */
  readonly resetTypes: readonly ResetType[];
}

export interface RedfishRequest {
  readonly method: string;
  /** Begins with /redfish; a BMC's own prefix is cut off. */
  readonly path: string;
  readonly ifMatch: string | null;
  /** Parsed JSON, undefined for none. */
  readonly body: unknown;
}

export interface RedfishAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>> | null;
  /** What the BMC is to do before it answers. */
  readonly effect: RedfishEffect;
}

export type RedfishEffect =
  | { readonly kind: 'none' }
  | { readonly kind: 'reset'; readonly reset: ResetType }
  | { readonly kind: 'boot-override'; readonly override: BootOverride };

const none: RedfishEffect = { kind: 'none' };

/** Not a number, so that nobody gets along by guessing it. */
const systemId = 'System.Embedded.1';

/**
 * Answer a request.
 * @param prefix path before /redfish under which this BMC is reached; every link carries it
 */
export function answerRedfish(request: RedfishRequest, view: BmcView, prefix: string): RedfishAnswer {
  const root = `${prefix}/redfish/v1`;
  switch (request.path.replace(/\/$/, '')) {
    case '/redfish':
      return onlyGet(request, { v1: `${root}/` });
    case '/redfish/v1':
      return onlyGet(request, serviceRoot(view, root));
    case '/redfish/v1/Systems':
      return onlyGet(request, systemCollection(root));
    case `/redfish/v1/Systems/${systemId}`:
      return request.method === 'PATCH' ? patchSystem(request, view, root) : onlyGet(request, system(view, root));
    case `/redfish/v1/Systems/${systemId}/Actions/ComputerSystem.Reset`:
      return request.method === 'POST' ? reset(request, view) : methodNotAllowed(request, 'POST');
    default:
      return resourceMissing(`${prefix}${request.path}`);
  }
}

/** The answer where there is nothing, or no BMC. */
export function resourceMissing(path: string): RedfishAnswer {
  return refuse(404, 'Base.1.8.ResourceMissingAtURI', `There is no resource at ${path}.`);
}

/** The answer to somebody who has not said, or not rightly, who they are. */
export function loginRequired(): RedfishAnswer {
  const refusal = refuse(401, 'Base.1.8.NoValidSession', 'There is no valid session established.');
  return { ...refusal, headers: { 'WWW-Authenticate': 'Basic realm="BMC"' } };
}

/** The answer to a body that is no JSON. */
export function malformedJson(): RedfishAnswer {
  return refuse(400, 'Base.1.8.MalformedJSON', 'The request body is no valid JSON.');
}

function serviceRoot(view: BmcView, root: string): Record<string, unknown> {
  return {
    '@odata.id': `${root}/`,
    '@odata.type': '#ServiceRoot.v1_5_0.ServiceRoot',
    Id: 'RootService',
    Name: 'Root Service',
    RedfishVersion: '1.8.0',
    UUID: view.uuid,
    Systems: { '@odata.id': `${root}/Systems` },
  };
}

function systemCollection(root: string): Record<string, unknown> {
  return {
    '@odata.id': `${root}/Systems`,
    '@odata.type': '#ComputerSystemCollection.ComputerSystemCollection',
    Name: 'Computer System Collection',
    Members: [{ '@odata.id': `${root}/Systems/${systemId}` }],
    'Members@odata.count': 1,
  };
}

function system(view: BmcView, root: string): Record<string, unknown> {
  const self = `${root}/Systems/${systemId}`;
  return {
    '@odata.id': self,
    '@odata.type': '#ComputerSystem.v1_10_0.ComputerSystem',
    Id: systemId,
    Name: 'System',
    SystemType: 'Physical',
    Manufacturer: 'berth',
    Model: 'stand-in',
    SerialNumber: view.serial,
    UUID: view.uuid,
    PowerState: view.power === 'on' ? 'On' : 'Off',
    Boot: {
      BootSourceOverrideEnabled: view.bootOverride.enabled,
      BootSourceOverrideMode: 'UEFI',
      BootSourceOverrideTarget: view.bootOverride.target,
      'BootSourceOverrideTarget@Redfish.AllowableValues': bootTargets,
    },
    Actions: {
      '#ComputerSystem.Reset': {
        target: `${self}/Actions/ComputerSystem.Reset`,
        'ResetType@Redfish.AllowableValues': view.resetTypes,
      },
    },
  };
}

function onlyGet(request: RedfishRequest, body: Record<string, unknown>): RedfishAnswer {
  return request.method === 'GET' || request.method === 'HEAD' ? ok(body) : methodNotAllowed(request, 'GET, HEAD');
}

function ok(body: Record<string, unknown>): RedfishAnswer {
  const etag = etagOf(body);
  return { status: 200, headers: { ETag: etag }, body: { ...body, '@odata.etag': etag }, effect: none };
}

function etagOf(body: Record<string, unknown>): string {
  return `"${digestOf(body).slice(0, 16)}"`;
}

function patchSystem(request: RedfishRequest, view: BmcView, root: string): RedfishAnswer {
  if (request.ifMatch !== null && request.ifMatch !== '*' && request.ifMatch !== etagOf(system(view, root))) {
    return refuse(412, 'Base.1.8.PreconditionFailed', 'The ETag supplied did not match that of the resource.');
  }
  const boot = member(request.body, 'Boot');
  if (boot === undefined) return refuse(400, 'Base.1.8.PropertyMissing', 'Only Boot can be changed, and is missing.');
  const target = choice(bootTargets, member(boot, 'BootSourceOverrideTarget') ?? view.bootOverride.target);
  const enabled = choice(bootEnablements, member(boot, 'BootSourceOverrideEnabled') ?? view.bootOverride.enabled);
  if (target === undefined || enabled === undefined) {
    return refuse(400, 'Base.1.8.PropertyValueNotInList', 'A value of Boot is not in the list of acceptable values.');
  }
  return noContent({ kind: 'boot-override', override: { target, enabled } });
}

function reset(request: RedfishRequest, view: BmcView): RedfishAnswer {
  const wanted = member(request.body, 'ResetType');
  if (wanted === undefined) {
    return refuse(400, 'Base.1.8.ActionParameterMissing', 'ComputerSystem.Reset needs the parameter ResetType.');
  }
  const type = choice(view.resetTypes, wanted);
  if (type === undefined) {
    return refuse(400, 'Base.1.8.ActionParameterNotSupported', `ResetType ${JSON.stringify(wanted)} is not supported.`);
  }
  // As iDRAC and others have it: only On makes sense when off, and On only then.
  if ((type === 'On') === (view.power === 'on')) {
    return refuse(409, 'Base.1.8.ResourceInUse', `${type} is not possible: the power is ${view.power}.`);
  }
  return noContent({ kind: 'reset', reset: type });
}

function noContent(effect: RedfishEffect): RedfishAnswer {
  return { status: 204, headers: {}, body: null, effect };
}

function methodNotAllowed(request: RedfishRequest, allow: string): RedfishAnswer {
  const refusal = refuse(405, 'Base.1.8.OperationNotAllowed', `${request.method} is not allowed here.`);
  return { ...refusal, headers: { Allow: allow } };
}

function refuse(status: number, messageId: string, message: string): RedfishAnswer {
  const extended = { MessageId: messageId, Message: message, Severity: 'Critical', Resolution: 'None' };
  const error = {
    code: 'Base.1.8.GeneralError',
    message: 'A general error has occurred. See ExtendedInfo for more information.',
    '@Message.ExtendedInfo': [extended],
  };
  return { status, headers: {}, body: { error }, effect: none };
}

function choice<T extends string>(values: readonly T[], found: unknown): T | undefined {
  return values.find((value) => value === found);
}
