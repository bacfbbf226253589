using System.Net;
using System.Text;
using Gateway.Transport;
using Microsoft.IdentityModel.Protocols;

namespace GatewayApi.Login;

/// <summary>Fetches what issuers publish: bounded, and without redirects.</summary>
internal sealed class IssuerDocuments(UpstreamClients clients, TimeProvider time) : IDocumentRetriever
{
    private const int LargestReply = 512 * 1024;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    /// <summary>Fetches a document.</summary>
    /// <exception cref="IOException">There is none; the message says why.</exception>
    public async Task<string> GetDocumentAsync(string address, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("application/json");
        try
        {
            using var response = await clients.For(Wait).SendAsync(request, either.Token);
            if (response.StatusCode != HttpStatusCode.OK)
                throw new IOException($"{address} answered {(int)response.StatusCode}.");
            using var body = new PooledBuffer(4096);
            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            int read;
            while ((read = await stream.ReadAsync(body.GetMemory(), either.Token)) > 0)
            {
                body.Advance(read);
                if (body.Length > LargestReply)
                    throw new IOException($"{address} answered more than {LargestReply / 1024} KiB.");
            }

            return Encoding.UTF8.GetString(body.WrittenSpan);
        }
        catch (HttpRequestException e)
        {
            throw new IOException($"{address} could not be reached ({e.HttpRequestError}).", e);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new IOException($"{address} did not answer within {Wait.TotalSeconds} s.", e);
        }
    }
}
