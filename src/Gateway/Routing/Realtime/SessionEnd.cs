using System.Net.WebSockets;
using Gateway.Errors;
using Gateway.Metering;

namespace Gateway.Routing.Realtime;

/// <summary>How a session ended.</summary>
/// <param name="Code">The code both sockets are closed with.</param>
/// <param name="Reason">The reason, at most 123 bytes; or null.</param>
/// <param name="Outcome">What became of responses that were under way.</param>
/// <param name="Error">What cut them, where it was no decision of the client's.</param>
/// <param name="Event">What the client is told before its socket is closed, or null.</param>
internal sealed record SessionEnd(WebSocketCloseStatus Code, string? Reason, LedgerOutcome Outcome, ErrorKind? Error = null, GatewayError? Event = null);
