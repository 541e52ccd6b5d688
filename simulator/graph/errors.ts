/** The protocol's errors, by name; thrown by the edges and written out in one place. */

interface ErrorFields {
  readonly status: number;
  readonly code: number;
  readonly subcode?: number;
  readonly type?: string;
  readonly isTransient?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

export class GraphError extends Error {
  constructor(
    message: string,
    readonly fields: ErrorFields,
  ) {
    super(message);
  }
}

let traces = 0;

/** The JSON body of an error. */
export function errorBody({ message, fields }: GraphError): object {
  const { code, subcode, type = 'OAuthException', isTransient } = fields;
  traces += 1;
  return {
    error: {
      message,
      type,
      code,
      ...(subcode === undefined ? {} : { error_subcode: subcode }),
      ...(isTransient === undefined ? {} : { is_transient: isTransient }),
      fbtrace_id: `A${traces.toString(36).padStart(10, 'x')}`,
    },
  };
}

export function missingToken(): GraphError {
  return new GraphError('An access token is required to request this resource.', { status: 400, code: 190 });
}

const DEAD_TOKENS: Readonly<Record<number, string>> = {
  458: 'The user has not authorized application.',
  459: 'The session is invalid because the user must pass a checkpoint.',
  460: 'The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.',
  463: 'Session has expired.',
  467: 'The session is invalid because the user logged out.',
  492: 'The user no longer holds the role behind this session.',
};

export function deadToken(subcode: number): GraphError {
  const message = `Error validating access token: ${DEAD_TOKENS[subcode] ?? 'The session is invalid.'}`;
  return new GraphError(message, { status: 401, code: 190, subcode });
}

export function noSuchObject(id: string): GraphError {
  return new GraphError(
    `Unsupported get request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation.`,
    { status: 400, code: 100, subcode: 33, type: 'GraphMethodException' },
  );
}

export function accessNotGranted(code: number): GraphError {
  return code === 10
    ? new GraphError('(#10) Application does not have permission for this action', { status: 403, code: 10 })
    : new GraphError('(#200) Ad account owner has NOT grant ads_management or ads_read permission', {
        status: 403,
        code: 200,
      });
}

export function badParameter(text: string): GraphError {
  return new GraphError(`(#100) ${text}`, { status: 400, code: 100 });
}

export function noSuchField(field: string, node: string): GraphError {
  return badParameter(`Tried accessing nonexisting field (${field}) on node type '${node}'`);
}

export function badSyntax(text: string): GraphError {
  return new GraphError(`Syntax error "${text}"`, { status: 400, code: 2500 });
}

export function idsRemoved(): GraphError {
  return new GraphError('The ids query parameter is deprecated in v26.0+.', { status: 500, code: 100 });
}

export function wrongVersion(): GraphError {
  return new GraphError(
    '(#2635) You are calling a deprecated version of the Ads API. Please update to the latest version: v26.0.',
    { status: 400, code: 2635 },
  );
}

export function proofFailure(isMissing: boolean): GraphError {
  const message = isMissing
    ? 'API calls from the server require an appsecret_proof argument'
    : 'Invalid appsecret_proof provided in the API argument';
  return new GraphError(message, { status: 400, code: 100, type: 'GraphMethodException' });
}

export function tooMuchData(): GraphError {
  return new GraphError("Please reduce the amount of data you're asking for, then retry your request", {
    status: 500,
    code: 1,
  });
}

export function unavailable(): GraphError {
  return new GraphError('Service temporarily unavailable', { status: 500, code: 2, isTransient: true });
}

export function unknownError(): GraphError {
  return new GraphError('An unknown error occurred', { status: 500, code: 1 });
}

const THROTTLES: Readonly<Record<number, string>> = {
  4: 'Application request limit reached',
  17: 'User request limit reached',
  613: 'Calls to this api have exceeded the rate limit.',
};

export function throttled(
  code: number,
  subcode: number | undefined,
  headers: Record<string, string>,
): GraphError {
  const text =
    THROTTLES[code] ?? 'There have been too many calls to this ad-account. Wait a bit and try again.';
  return new GraphError(`(#${code}) ${text}`, {
    status: code === 4 ? 403 : 400,
    code,
    ...(subcode === undefined ? {} : { subcode }),
    isTransient: false,
    headers,
  });
}
