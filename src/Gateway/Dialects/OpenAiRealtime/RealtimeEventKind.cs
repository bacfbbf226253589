namespace Gateway.Dialects.OpenAiRealtime;

/// <summary>What an event of a Realtime server means for metering.</summary>
internal enum RealtimeEventKind
{
    /// <summary>Nothing.</summary>
    Other,

    /// <summary><c>session.created</c> or <c>session.updated</c>: says the model.</summary>
    Session,

    /// <summary><c>response.created</c>.</summary>
    Created,

    /// <summary>A piece of text: of the answer, of the transcript of spoken output, or of a function's arguments.</summary>
    Text,

    /// <summary>A piece of spoken output, in base64.</summary>
    Audio,

    /// <summary><c>response.done</c>, however the response ended.</summary>
    Done,

    /// <summary><c>conversation.item.input_audio_transcription.completed</c>: a second model has written down what the client said.</summary>
    Transcribed,
}
