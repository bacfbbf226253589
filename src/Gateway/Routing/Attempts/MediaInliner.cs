using Gateway.Dialects;
using Gateway.Errors;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Transport;

namespace Gateway.Routing.Attempts;

/// <summary>Fetches the images and documents that a request names by address, for wires that take only data.</summary>
internal sealed class MediaInliner(MediaFetcher fetcher)
{
    /// <summary>Puts data in the place of every address the wire does not take.</summary>
    /// <returns>Null, or why one could not be had.</returns>
    public async ValueTask<GatewayError?> InlineAsync(ChatRequest chat, IChatCodec codec, TargetTraits target, CancellationToken cancellation)
    {
        for (var i = 0; i < chat.Messages.Count; i++)
        {
            var parts = chat.Messages[i].Parts;
            for (var j = 0; j < parts.Count; j++)
            {
                if (await InlineAsync(parts[j], codec, target, $"messages[{i}].content[{j}]", cancellation).ConfigureAwait(false) is { } error)
                    return error;
            }
        }

        return null;
    }

    private async ValueTask<GatewayError?> InlineAsync(ContentPart part, IChatCodec codec, TargetTraits target, string path, CancellationToken cancellation)
    {
        switch (part)
        {
            case ImagePart { Source.Url: { } url } image when !codec.TakesMediaUrl(url, target):
                var (picture, noPicture) = await FetchAsync(url, path, cancellation).ConfigureAwait(false);
                image.Source = picture ?? image.Source;
                return noPicture;
            case DocumentPart { Source.Url: { } url } document when !codec.TakesMediaUrl(url, target):
                var (paper, noPaper) = await FetchAsync(url, path, cancellation).ConfigureAwait(false);
                document.Source = paper ?? document.Source;
                return noPaper;
            case VideoPart { Source.Url: { } url } video when !codec.TakesMediaUrl(url, target):
                var (film, noFilm) = await FetchAsync(url, path, cancellation).ConfigureAwait(false);
                video.Source = film ?? video.Source;
                return noFilm;
            case ToolResultPart result:
                foreach (var inner in result.Content)
                {
                    if (await InlineAsync(inner, codec, target, path, cancellation).ConfigureAwait(false) is { } error)
                        return error;
                }

                return null;
            default:
                return null;
        }
    }

    private async ValueTask<(MediaSource? Source, GatewayError? Error)> FetchAsync(string url, string path, CancellationToken cancellation)
    {
        try
        {
            var (type, data) = await fetcher.FetchAsync(url, cancellation).ConfigureAwait(false);
            return (new MediaSource { Data = Convert.ToBase64String(data), MediaType = type }, null);
        }
        catch (MediaFetchException e)
        {
            return (null, new GatewayError(ErrorKinds.MediaUnavailable, $"The address in {path} could not be fetched for a provider that takes only data: {e.Message}") { Param = path });
        }
    }
}
