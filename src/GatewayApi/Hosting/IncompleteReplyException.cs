namespace GatewayApi.Hosting;

/// <summary>
/// Thrown to the server after a reply that is not whole: the server then sends what was written and closes without the proper end
/// (no final chunk over HTTP/1.1, a reset over HTTP/2), which every client can tell from a finished reply.
/// </summary>
internal sealed class IncompleteReplyException() : Exception("The reply was ended before it was whole; the client has been told in-stream.");
