namespace Gateway.Transport;

/// <summary>What was wrong with an upload.</summary>
internal enum UploadFault
{
    /// <summary>Nothing so far.</summary>
    None,

    /// <summary>More bytes than are taken in.</summary>
    TooLarge,

    /// <summary>Not multipart as announced.</summary>
    Malformed,

    /// <summary>The model stands in two parts.</summary>
    DuplicateModel,

    /// <summary>The model's part is empty, too long or no text.</summary>
    BadModel,

    /// <summary>The client's bytes ended too early or came too slowly.</summary>
    Interrupted,
}
