using Gateway.Protocol;
using Gateway.Surfaces;

namespace GatewayApi.Endpoints;

/// <summary>What the API description says of the surfaces' operations.</summary>
internal static class SurfaceDescriptions
{
    private const string Model = "`model` is `provider/model`, a model of the catalogue, or a route of the configuration.";
    private const string Streams = "With `\"stream\": true` the reply is an event stream. A stream that could not be finished ends with an error event and without its proper end, never with a clean one. With the header `x-gateway-stream-facts: 1` a comment before the end says what `x-gateway-*` headers say of other replies.";

    private static readonly int[] Errors = [400, 401, 404, 413, 429, 502, 503, 504];
    private static readonly KeyValuePair<string, string>[] Transcripts = [new("application/json", ""), new("text/plain", ""), new("text/event-stream", "")];
    private static readonly KeyValuePair<string, string>[] WholeOrEvents = [new("application/json", ""), new("text/event-stream", "")];

    /// <summary>The description of an operation's endpoint.</summary>
    public static EndpointDescription Of(SurfaceRoute route) => route.Operation switch
    {
        Operation.ChatCompletions => OpenAi("createChatCompletion", "Answers a conversation", "messages") with { Details = Streams, Produces = WholeOrEvents },
        Operation.Responses => OpenAi("createResponse", "Answers an input", "input") with { Details = Streams, Produces = WholeOrEvents },
        Operation.Completions => OpenAi("createCompletion", "Continues a text (legacy)", "prompt") with { Details = Streams, Produces = WholeOrEvents },
        Operation.Embeddings => OpenAi("createEmbedding", "Turns texts into vectors", "input"),
        Operation.Messages => Foreign("createMessage", "Answers a conversation", "Anthropic's Messages API", "model", "max_tokens", "messages") with { Produces = WholeOrEvents },
        Operation.GenerateContent when route.Stream == true => InPath(route, "streamGenerateContent", "Answers a conversation, streamed", "the Gemini API", "text/event-stream", "contents"),
        Operation.GenerateContent => InPath(route, "generateContent", "Answers a conversation", "the Gemini API", "application/json", "contents"),
        Operation.EmbedContent => InPath(route, "embedContent", "Turns a text into a vector", "the Gemini API", "application/json", "content"),
        Operation.BatchEmbedContents => InPath(route, "batchEmbedContents", "Turns texts into vectors", "the Gemini API", "application/json", "requests"),
        Operation.Converse when route.Stream == true => InPath(route, "converseStream", "Answers a conversation, streamed", "Amazon Bedrock's Converse API", "application/vnd.amazon.eventstream", "messages"),
        Operation.Converse => InPath(route, "converse", "Answers a conversation", "Amazon Bedrock's Converse API", "application/json", "messages"),
        Operation.InvokeModel when route.Stream == true => InPath(route, "invokeModelWithResponseStream", "Answers a body of Anthropic's, streamed", "Amazon Bedrock's InvokeModel", "application/vnd.amazon.eventstream", "messages"),
        Operation.InvokeModel => InPath(route, "invokeModel", "Answers a body of Anthropic's", "Amazon Bedrock's InvokeModel", "application/json", "messages"),
        Operation.CohereChat => Foreign("cohereChat", "Answers a conversation", "Cohere's chat API (v2)", "model", "messages") with { Produces = WholeOrEvents },
        Operation.CohereEmbed => Foreign("cohereEmbed", "Turns texts into vectors", "Cohere's embed API (v2)", "model"),
        Operation.Rerank => Foreign("rerank", "Orders documents by how well they answer a query", "Jina's rerank API", "model", "query", "documents"),
        Operation.CohereRerank => Foreign("cohereRerank", "Orders documents by how well they answer a query", "Cohere's rerank API (v2)", "model", "query", "documents"),
        Operation.OllamaChat => Foreign("ollamaChat", "Answers a conversation; streamed unless `\"stream\": false`", "Ollama's chat API", "model", "messages") with { Produces = [new("application/json", ""), new("application/x-ndjson", "")] },
        Operation.Realtime => new("openRealtimeSession", "Opens a WebSocket for a Realtime session (101)")
        {
            Details = "As in OpenAI's Realtime API: messages pass both ways as they are. Each response of the session is one entry of the ledger.",
            Parameters = [new("model", Model)],
            Produces = [],
            Errors = [400, 401, 404, 426, 429, 502, 503, 504],
        },
        Operation.OllamaEmbed => Foreign("ollamaEmbed", "Turns texts into vectors", "Ollama's embed API", "model", "input"),
        Operation.ImageGenerations => OpenAi("createImage", "Makes images from a text", "prompt") with { Produces = WholeOrEvents },
        Operation.ImageEdits => Upload("createImageEdit", "Makes images from images and a text", "image", "prompt") with { Produces = WholeOrEvents },
        Operation.Moderations => OpenAi("createModeration", "Judges a text or an image", "input"),
        Operation.Speech => OpenAi("createSpeech", "Speaks a text", "input") with { Details = "The audio is sent on as it arrives. Audio that could not be finished ends without the proper end of HTTP.", Produces = [new("audio/mpeg", ""), new("text/event-stream", "")] },
        Operation.Transcriptions => Upload("createTranscription", "Writes down speech", "file") with { Produces = Transcripts },
        Operation.Translations => Upload("createTranslation", "Writes down speech in English", "file") with { Produces = Transcripts },
        _ => throw new ArgumentOutOfRangeException(nameof(route)),
    };

    /// <summary>The description of an endpoint that counts tokens.</summary>
    public static EndpointDescription OfCount(SurfaceRoute route)
    {
        const string details = "An estimate of the gateway's own, marked by the header `x-gateway-estimated: true`. No provider is asked and nothing is charged.";
        var description = route.Operation == Operation.GenerateContent
            ? InPath(route, "countTokens", "Counts the tokens of a request", "the Gemini API", "application/json")
            : Foreign("countMessageTokens", "Counts the tokens of a request", "Anthropic's Messages API", "model", "messages");
        return description with { Details = details, Errors = [400, 401, 404, 413, 503] };
    }

    private static EndpointDescription OpenAi(string id, string summary, string content) => new(id, summary)
    {
        Request = $"As the request of `{id}` in OpenAI's published API (https://github.com/openai/openai-openapi). {Model} Members that are not known to the gateway reach the provider as they are.",
        Required = ["model", content],
        Errors = Errors,
    };

    private static EndpointDescription Upload(string id, string summary, params string[] required) => OpenAi(id, summary, required[0]) with
    {
        Consumes = "multipart/form-data",
        Required = required,
        Details = "`model` is a part of the body, or `?model=` in the address: then nothing of the body need be held back until it is seen.",
    };

    private static EndpointDescription Foreign(string id, string summary, string api, params string[] required) => new(id, summary)
    {
        Request = $"As in {api}. {Model}",
        Required = required,
        Errors = Errors,
    };

    private static EndpointDescription InPath(SurfaceRoute route, string id, string summary, string api, string produces, params string[] required) =>
        Foreign(id, summary, api, required) with { Path = route.Pattern, Produces = [new(produces, "")] };
}
