namespace Gateway.Transport;

/// <summary>Media that could not be fetched. The message is for the client and names no address but the client's own.</summary>
internal sealed class MediaFetchException(string message) : Exception(message);
