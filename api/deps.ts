import type { FastifyBaseLogger } from 'fastify';
import type { Payload } from '@temporalio/common';
import type { Spreadsheets } from '../channels/spreadsheets/spreadsheets.ts';
import type { KeyRing } from '../config/keys.ts';
import type { TrustedProxies } from '../config/variables.ts';
import type { Database } from '../db/database.ts';
import type { InstructionGateway } from '../gateway/instruction-gateway.ts';
import type { EarlySignalGateway } from '../gateway/early-signal-gateway.ts';
import type { RelayGateway } from '../gateway/relay-gateway.ts';
import type { SurveyGateway } from '../gateway/survey-gateway.ts';
import type { SurveySeriesGateway } from '../gateway/survey-series-gateway.ts';
import type { TokenVerifier } from './access/tokens.ts';
import type { TestMail } from './test-mail.ts';

export interface ReadinessReport {
  readonly database: boolean;
  readonly migrations: boolean;
  readonly temporal: boolean;
  readonly queuesWithoutPoller: readonly string[];
}

/** The part of the environment that the API shows or signs with. */
export interface ApiSettings {
  /** Base of every link that Vigie writes, without a slash at its end. */
  readonly publicUrl: string;
  readonly mailFrom: string;
  readonly mailReplyDomain: string;
  readonly oidc: {
    readonly issuer: string;
    readonly audience: string;
    readonly clientId: string;
    readonly clientSecret: string;
  };
  /** Web page of the mailbox and of the Temporal UI, where the embedded stack runs them. */
  readonly mailboxUrl: string | null;
  readonly temporalUiUrl: string | null;
}

/** Everything that the application is made of; tests bring their own parts. */
export interface ApiDeps {
  readonly database: Database;
  readonly gateway: InstructionGateway;
  readonly relays: RelayGateway;
  readonly surveys: SurveyGateway;
  readonly surveySeries: SurveySeriesGateway;
  readonly signals: EarlySignalGateway;
  readonly spreadsheets: Spreadsheets;
  /** Opens payloads for the Temporal UI. */
  readonly decodePayloads: (payloads: Payload[]) => Promise<Payload[]>;
  readonly readiness: () => Promise<ReadinessReport>;
  readonly tokens: TokenVerifier;
  /** Sends the test of a draft to its author; he waits for it, so nothing needs to outlive the request. */
  readonly sendTest: (mail: TestMail) => Promise<void>;
  readonly settings: ApiSettings;
  readonly keys: KeyRing;
  /** Absent: no log (tests, OpenAPI). */
  readonly logger?: FastifyBaseLogger;
  /** Proxies whose word on a client's address is taken; default none. */
  readonly trustProxy?: TrustedProxies;
  /** The machine's clock in milliseconds. */
  readonly now: () => number;
  /** Requests and files a minute (the contract's figures by default); delay of the event loop beyond which requests are sent away, 0: never. */
  readonly limits?: {
    readonly perSub?: number;
    readonly perLinkAddress?: number;
    readonly filesPerLink?: number;
    readonly eventLoopDelayMs?: number;
  };
}
