namespace Gateway.Protocol;

/// <summary>Where an image, document, audio or video is. Exactly one of <see cref="Data"/>, <see cref="Url"/> and <see cref="FileId"/> is set.</summary>
internal sealed record MediaSource
{
    /// <summary>Base64, without a prefix.</summary>
    public string? Data { get; init; }

    /// <summary>An address the provider (or, for those who can't, the gateway) fetches: http, https, gs or s3.</summary>
    public string? Url { get; init; }

    /// <summary>A file the provider knows by id.</summary>
    public string? FileId { get; init; }

    /// <summary>Media type, e.g. <c>image/png</c>, or null when it was not said.</summary>
    public string? MediaType { get; init; }

    /// <summary>Reads an address: a <c>data:</c> address becomes data, anything else stays one.</summary>
    public static MediaSource FromUrl(string url)
    {
        if (!url.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
            return new MediaSource { Url = url };
        var comma = url.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0)
            return new MediaSource { Url = url };
        var head = url[5..comma];
        var end = head.IndexOf(';', StringComparison.Ordinal);
        var type = end < 0 ? head : head[..end];
        return new MediaSource { Data = url[(comma + 1)..], MediaType = type.Length == 0 ? null : type };
    }

    /// <summary>The address form: the address itself, or a <c>data:</c> address of the data.</summary>
    public string ToUrl(string fallbackType) => Url ?? $"data:{MediaType ?? fallbackType};base64,{Data}";
}
