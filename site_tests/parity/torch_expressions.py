"""What people write with tensors, right and wrong: each line is evaluated by PyTorch and by the stand-in."""

EXPRESSIONS = """
x + y
x - 1
2 * x
x / 2
ids / 2
ids // 2
ids + 1.5
ids + True
ids * ids
x + half
half + one
half + 1.5
row + double
row + byte
byte + 1
x + z
x @ z
z @ x
row @ square
square @ row
row @ row
x @ row
-x
~mask
x > 0
ids == 3
mask & (x > 0)
mask & ids
x ** 2
x % 2
abs(x)
x.view(2, 12)
x.view(-1)
x.view(4, -1, 3)
x.view(5, 5)
x.view(5, -1)
x.view(-1, -1)
x.view(x.size(0), -1)
x.view(*x.shape[:-1], 2, 2)
x.reshape(6, 4)
x.reshape((6, 4))
torch.reshape(x, (6, -1))
x.flatten()
x.flatten(1)
x.flatten(1, 2)
x.flatten(2, 1)
torch.flatten(x, 1)
one.flatten()
x.unflatten(2, (2, 2))
x.unsqueeze(0)
x.unsqueeze(-1)
x.unsqueeze(4)
y.squeeze()
y.squeeze(1)
y.squeeze(0)
x.squeeze(3)
x.permute(2, 0, 1)
x.permute(0, -1, 1)
x.permute(0, 1)
x.permute(0, 1, 1)
x.permute([1, 0, 2])
torch.permute(x, (1, 0, 2))
x.transpose(1, 2)
x.transpose(0, -1)
x.transpose(0, 3)
torch.transpose(x, 0, 1)
square.t()
x.t()
square.T
x.mT
x.movedim(0, 2)
y.expand(2, 3, 4)
y.expand(-1, 7)
y.expand(2, 7)
y.expand(3)
y.expand_as(x)
x.repeat(2, 1, 1)
x.repeat(2, 1)
row.repeat(2, 3)
x.repeat_interleave(2, dim=1)
x.repeat_interleave(2)
torch.cat([x, x])
torch.cat([x, x], dim=1)
torch.cat((x, x), dim=-1)
torch.cat([x, z], 1)
torch.cat([x, y])
torch.cat([x, x], 3)
torch.stack([x, x])
torch.stack([x, x], dim=-1)
torch.stack([x, z])
x.split(2, dim=1)
x.split([1, 2], dim=1)
x.split([1, 1], dim=1)
x.chunk(2, dim=1)
x.chunk(2, -1)
x.chunk(5, 1)
torch.chunk(x, 3, 1)
x.unbind(1)
x.narrow(1, 1, 2)
x.narrow(1, 2, 2)
x.select(1, 0)
x.sum()
x.sum(1)
x.sum((0, 2))
x.sum(dim=-1, keepdim=True)
x.sum(3)
ids.sum()
mask.sum()
x.mean()
x.mean([2, 1])
x.mean(dim=(1, 2), keepdim=True)
ids.mean()
ids.float().mean()
x.std(-1)
x.var(1, keepdim=True)
x.max()
x.max(1)
x.max(1)[0]
x.max(dim=-1, keepdim=True).values
torch.max(x, x)
torch.max(x, y)
x.min(0).indices
x.argmax(1)
x.argmax()
x.argmax(dim=-1, keepdim=True)
x.amax((1, 2))
x.norm()
x.norm(dim=1)
x.prod(1)
x.cumsum(1)
x.any()
mask.all(1)
x.softmax(-1)
ids.softmax(-1)
torch.softmax(x, dim=1)
x.log_softmax(2)
x.softmax(3)
x.topk(2)
x.topk(2, dim=1)
x.topk(5)
x.sort(1)
x.argsort(-1)
x.exp()
ids.exp()
ids.sqrt()
x.sigmoid()
torch.tanh(x)
x.relu()
x.clamp(0, 1)
x.clamp(min=0)
torch.clamp(x, max=6)
x.masked_fill(mask, 0)
x.masked_fill(mask == 0, float("-inf"))
x.masked_fill(ids, 0)
torch.where(mask, x, x)
torch.where(mask, x, y)
torch.where(mask, x, 0.0)
x.float()
x.half()
x.to(torch.float64)
x.to("cpu")
x.long()
ids.bool()
mask.int()
x.type_as(ids)
x.dtype
x.shape
x.size()
x.size(-1)
x.size(3)
x.dim()
x.numel()
len(x)
x.shape[1:]
x.shape[-2:].numel()
x[0]
x[-1]
x[2]
x[0, 1]
x[0, 1, 2]
x[0, 1, 2, 0]
x[:, 0]
x[:, -1, :]
x[..., 0]
x[..., -1:]
x[:, 1:]
x[:, :2, ::2]
x[:, None]
x[None, :, None]
x[:, 5:]
x[1:1]
x[[0, 1]]
x[:, [0, 2]]
x[:, small]
x[small]
x[[0, 1], [1, 2]]
x[:, [0, 1], [1, 2]]
x[[0, 1], :, [1, 2]]
x[0, :, [1, 2]]
x[ids > 100]
row[byte > 300]
x[True]
x[..., None]
image[:, :, ::2, ::2]
image[:, :, 1:-1, 1:-1]
image.unfold(2, 3, 1)
image.unfold(3, 10, 1)
image.mean([2, 3])
image.flatten(2).transpose(1, 2)
image.view(2, 2, 3, 8, 9).transpose(1, 2).contiguous().view(2, -1, 8, 9)
image.roll((1, 1), dims=(2, 3))
image.flip(3)
torch.flip(image, [2])
torch.einsum("bij,bjk->bik", x, z)
torch.einsum("bij,bjk", x, z)
torch.einsum("bij->bji", x)
torch.einsum("...i,i->...", x, row)
torch.einsum("bij,bkj->bik", x, z)
torch.einsum("bhqd,bhkd->bhqk", image, image)
torch.einsum("ij,ij->", square, square)
torch.einsum("ii->i", square)
torch.bmm(x, z)
torch.bmm(x, square)
torch.mm(square, square)
torch.matmul(image, image.transpose(-2, -1))
torch.outer(row, row)
torch.dot(row, row)
torch.baddbmm(torch.zeros(2, 3, 5), x, z)
torch.addmm(row, square, square)
torch.zeros(2, 3)
torch.zeros((2, 3))
torch.zeros(2, 3, dtype=torch.long)
torch.ones_like(x)
torch.zeros_like(ids)
torch.randn(2, 3)
torch.randint(0, 10, (2, 3))
torch.empty(3)
torch.full((2, 3), 7)
torch.full((2, 3), 0.5)
torch.arange(5)
torch.arange(1, 10, 2)
torch.arange(0, 1, 0.25)
torch.arange(5.0)
torch.arange(0, 10, 2).float()
torch.linspace(0, 1, 5)
torch.eye(3)
torch.tensor([1, 2, 3])
torch.tensor([[1.0, 2], [3, 4]])
torch.tensor(5)
torch.tensor([True])
torch.tril(torch.ones(4, 4))
torch.triu(torch.ones(4, 4), diagonal=1).bool()
torch.triu(torch.full((3, 3), float("-inf")), 1)
torch.meshgrid(torch.arange(3), torch.arange(4), indexing="ij")
torch.arange(6).view(2, 3).tolist()
torch.arange(6).sum().item()
(torch.arange(4) + 1).prod().item()
torch.arange(6).reshape(2, 3)[1].tolist()
torch.arange(6).reshape(2, 3).t().tolist()
torch.arange(6).reshape(2, 3)[:, 1:].tolist()
(2 ** torch.arange(4)).tolist()
torch.stack([torch.arange(2), torch.arange(2)]).tolist()
torch.cat([torch.arange(2), torch.tensor([9])]).tolist()
torch.tril(torch.ones(3, 3)).tolist()
torch.arange(3).unsqueeze(1).expand(3, 2).tolist()
(torch.arange(3).unsqueeze(0) > torch.arange(3).unsqueeze(1)).tolist()
torch.arange(3).repeat(2).tolist()
int(torch.tensor(3))
float(torch.tensor(2.5))
x.new_zeros(2, 3)
x.new_ones((2, 3))
ids.new_full((2,), 1)
x.gather(1, torch.zeros(2, 1, 4, dtype=torch.long))
x.index_select(1, small)
x.clone().detach()
x.contiguous()
torch.numel(x)
torch.is_tensor(x)
torch.cdist(x, x)
torch.var_mean(x, dim=1)
torch.relu(x)
x.add_(y)
y.add_(x)
x.mul_(2).shape
""".strip().splitlines()
