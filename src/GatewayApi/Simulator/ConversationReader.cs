using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>Collects, message by message, what an answer depends on.</summary>
internal sealed class ConversationReader
{
    private const int TokensPerMessage = 3;
    private readonly List<string> _toolResults = [];
    private bool _isAnswered;

    /// <summary>The last user message.</summary>
    public MessageContent LastUser { get; private set; } = new(string.Empty, 0, 0);

    /// <summary>The last answer, and the user text it answered, when nothing or only one user message came after it; otherwise null.</summary>
    public (string Prompt, string Text)? LastAnswer { get; private set; }

    /// <summary>Input tokens so far.</summary>
    public int Tokens { get; private set; } = TokensPerMessage;

    /// <summary>What the tools returned after the last message of anyone else; null when nothing.</summary>
    public string? ToolResult => _toolResults.Count == 0 ? null : string.Join("; ", _toolResults);

    /// <summary>Adds a message of a role.</summary>
    /// <exception cref="SimulatorException">400 on an unknown role or content.</exception>
    public void Add(string? role, JsonElement content, string parameter)
    {
        var read = MessageContent.Read(content, parameter);
        Tokens += TokensPerMessage + read.Tokens;
        switch (role)
        {
            case "tool" or "function":
                _toolResults.Add(read.Text);
                (LastAnswer, _isAnswered) = (null, false);
                break;
            case "user":
                if (!_isAnswered)
                    LastAnswer = null;
                LastUser = read;
                _isAnswered = false;
                _toolResults.Clear();
                break;
            case "assistant":
                (LastAnswer, _isAnswered) = ((LastUser.Text, read.Text), true);
                _toolResults.Clear();
                break;
            case "system" or "developer":
                break;
            default:
                throw SimulatorException.BadRequest(parameter, "'" + parameter + "' has an unknown role: expected system, developer, user, assistant or tool.");
        }
    }

    /// <summary>Counts JSON that is part of the prompt: tools, schemas, earlier calls. Four bytes a token.</summary>
    public void AddJson(JsonElement json)
    {
        if (json.Exists())
            Tokens += json.Raw().Length / 4 + 1;
    }
}
