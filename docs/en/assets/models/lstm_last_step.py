import torch.nn as nn


class Sentiment(nn.Module):
    def __init__(self, words=10_000, width=128, hidden=256):
        super().__init__()
        self.embedding = nn.Embedding(words, width)
        self.lstm = nn.LSTM(width, hidden, batch_first=True)
        self.classifier = nn.Linear(hidden, 2)

    def forward(self, tokens):
        states, _ = self.lstm(self.embedding(tokens))
        return self.classifier(states[:, -1])
