using System;
using System.IO;
using System.Net;
using System.Threading.Tasks;

namespace Ember.NetworkServer;

/// <summary>A file, or the files of a folder, served by HTTP. Every request is a line of the program's output.</summary>
internal sealed class HttpFiles : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly string _folder;

    /// <summary>Waits for requests from now on.</summary>
    /// <param name="address">Of this end.</param>
    /// <param name="folder">The files' folder.</param>
    public HttpFiles(string address, string folder)
    {
        _folder = folder;
        Location = $"http://{address}/";
        _listener.Prefixes.Add(Location);
        _listener.Start();
    }

    /// <summary>The folder's URI.</summary>
    public string Location { get; }

    /// <summary>Answers one request after the other, for ever.</summary>
    public async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context = await _listener.GetContextAsync();
            Console.WriteLine($"{context.Request.HttpMethod} {context.Request.RawUrl}");
            try
            {
                await AnswerAsync(context);
            }
            catch (HttpListenerException)
            {
                // The machine is gone or asks again.
            }
        }
    }

    public void Dispose() => _listener.Close();

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using HttpListenerResponse response = context.Response;
        string file = Path.Combine(_folder, Path.GetFileName(context.Request.Url!.AbsolutePath));
        if (!File.Exists(file))
        {
            response.StatusCode = (int)HttpStatusCode.NotFound;
            return;
        }

        await using FileStream content = File.OpenRead(file);
        response.ContentLength64 = content.Length;
        if (context.Request.HttpMethod == "GET")
        {
            await content.CopyToAsync(response.OutputStream);
        }
    }
}
