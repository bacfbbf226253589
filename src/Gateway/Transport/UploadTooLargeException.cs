namespace Gateway.Transport;

/// <summary>An upload has more bytes than are taken in.</summary>
internal sealed class UploadTooLargeException() : Exception("The upload is too large.");
